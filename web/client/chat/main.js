/** The chat page's script begins here. */
import { ChatPage } from "./page.js";

void new ChatPage().load();
