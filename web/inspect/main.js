/** The script of an inspection's page begins here. */
import { listenToPerson } from "./acts.js";
import { Connection } from "./connection.js";
import { View } from "./view.js";

const view = new View();
const address = new URL("./socket", location.href);
address.protocol = "ws:";
const connection = new Connection(address.href, {
  onState: (state) => {
    if (state === "open") view.clear();
    view.showState(state);
  },
  onMessage: (message) => view.take(message),
});
listenToPerson((line) => connection.send(line), (text) => view.announce(text));
connection.open();
