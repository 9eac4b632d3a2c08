"""Inspection: a page opened and watched while it runs, told what is wrong as it shows."""
