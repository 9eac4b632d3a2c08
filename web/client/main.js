/** The page's script begins here: its controls work, and a host finds window.RT. */
import { Page } from "./page.js";

const page = new Page();
/** @type {Window & {RT?: import("./rt-surface.js").RtSurface}} */ (window).RT = page.RT;
if (new URLSearchParams(location.search).get("autostart") === "1") page.start();
