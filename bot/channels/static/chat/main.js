// Starts the chat page. React, ChatUI and socket.io are loaded before it, as plain scripts (static/vendor).

import { App } from "./app.js";
import { Conversation } from "./conversation.js";
import { Frame } from "./frame.js";
import { Outbox } from "./outbox.js";
import { Session } from "./session.js";
import * as settings from "./settings.js";

const root = document.getElementById("root");
const embedded = root.dataset.embedded === "yes";
const session = new Session(embedded);
const conversation = new Conversation(new Outbox());
const frame = new Frame(embedded);

settings.apply(settings.load());
ReactDOM.createRoot(root).render(React.createElement(App, { session, conversation, frame }));
