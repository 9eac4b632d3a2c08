/** The report's script begins here: every module it needs is joined into one, in the page. */
import { Viewer } from "./viewer.js";

new Viewer().start();
