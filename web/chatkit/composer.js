/**
 * The stand-in's composer: words with tags of entities, the menus of "@" and "/", files, a tool, a
 * model, dictation.
 *
 * @typedef {import("./composed.js").Entity} Entity
 * @typedef {Record<string, any>} Message As `sendUserMessage` takes it.
 * @typedef {object} Acts What a person does, and what it needs of others.
 * @property {(message: Message) => void} send
 * @property {() => void} stop
 * @property {(files: File[]) => Promise<Record<string, any>[]>} upload
 * @property {(sound: Blob) => Promise<string>} transcribe
 * @property {(toolId: string | null) => void} toolChanged
 * @property {(error: unknown) => void} failed
 */
import { Dictation } from "../client/chat/dictation.js";
import { element } from "../client/toasts.js";
import { button } from "./button.js";
import { askedAt, contentOf, entityOf, replaced, whyNotTaken } from "./composed.js";
import { SuggestionMenu } from "./suggestion-menu.js";
import { Texts } from "./texts.js";

export class Composer {
  form = element("form", "composer");
  texts = new Texts("en");
  #acts;
  #menu = new SuggestionMenu();
  #chips = element("ul", "chips");
  #message = /** @type {HTMLTextAreaElement} */ (element("textarea", ""));
  #file = /** @type {HTMLInputElement} */ (element("input", "visually-hidden"));
  #attach = button("", "attach");
  #mention = button("@", "mention");
  #speak = button("", "dictate");
  #tools = /** @type {HTMLSelectElement} */ (element("select", "tools"));
  #models = /** @type {HTMLSelectElement} */ (element("select", "models"));
  #pinned = element("span", "pinned");
  #stop = button("", "stop");
  #send = /** @type {HTMLButtonElement} */ (button("", "send"));
  #dictation;
  /** @type {Record<string, any>} */
  #options = {};
  /** @type {Entity[]} */
  #entities = [];
  /** @type {Record<string, any>[]} */
  #attached = [];
  #reply = "";
  /** @type {string | null} */
  #tool = null;
  /** @type {string | undefined} */
  #model;
  #searches = 0;

  /**
   * @param {Acts} acts
   * @param {Pick<Window, "navigator" | "setTimeout" | "clearTimeout">} target The page's window.
   */
  constructor(acts, target) {
    this.#acts = acts;
    this.#dictation = new Dictation(target, { onChange: () => this.#showDictation(), onSound: (sound) => this.#write(sound) });
    this.#message.setAttribute("rows", "2");
    this.#send.setAttribute("type", "submit");
    this.#file.setAttribute("type", "file");
    this.#file.setAttribute("multiple", "");
    this.#file.setAttribute("tabindex", "-1");
    this.#file.setAttribute("aria-hidden", "true");
    const row = element("div", "composer-row");
    row.append(this.#attach, this.#mention, this.#speak, this.#pinned, this.#tools, this.#models, this.#stop, this.#send);
    this.form.append(this.#menu.list, this.#chips, this.#message, this.#file, row);
    this.#listen();
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#message.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (this.#menu.press(event.key)) return event.preventDefault();
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      this.#submit();
    });
    this.#message.addEventListener("input", () => void this.#look());
    this.#attach.addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => {
      const files = [...(this.#file.files ?? [])];
      this.#file.value = "";
      void this.add(files);
    });
    this.#mention.addEventListener("click", () => this.#begin("@"));
    this.#speak.addEventListener("click", () => this.#dictation.toggle().catch(this.#acts.failed));
    this.#stop.addEventListener("click", () => this.#acts.stop());
    this.#tools.addEventListener("change", () => this.#chooseTool(this.#tools.value || null));
    this.#models.addEventListener("change", () => { this.#model = this.#models.value || undefined; });
  }

  focus() {
    this.#message.focus();
  }

  /**
   * @param {Record<string, any>} options As `setOptions` took them.
   * @param {{isResponding: boolean, isClosed: boolean, canStop: boolean}} now
   */
  render(options, { isResponding, isClosed, canStop }) {
    if (options !== this.#options) this.#configure(options);
    const tool = this.#toolOf(this.#tool);
    this.#message.setAttribute("placeholder", tool?.placeholderOverride ?? options.composer?.placeholder ?? this.texts.say("Message the AI"));
    this.#message.disabled = isClosed;
    this.#send.disabled = isResponding || isClosed;
    this.#stop.hidden = !(isResponding && canStop);
  }

  /** @param {Record<string, any>} value As `setComposerValue` takes it. */
  set({ text, content, reply, attachments, selectedToolId, selectedModelId }) {
    if (content) {
      this.#entities = content.filter((/** @type {any} */ { type }) => type === "input_tag").map(entityOf);
      this.#message.value = content.map((/** @type {{text: string}} */ part) => part.text).join("");
    } else if (text !== undefined) {
      this.#entities = [];
      this.#message.value = text;
    }
    if (reply !== undefined) this.#reply = reply;
    if (attachments) this.#attached = [...attachments];
    if (selectedModelId !== undefined) this.#models.value = this.#model = selectedModelId;
    if (selectedToolId !== undefined) this.#chooseTool(selectedToolId);
    this.#showChips();
  }

  /** @param {File[]} files To be sent to the backend, and attached. */
  async add(files) {
    for (const file of files) {
      const why = whyNotTaken(this.#options.composer?.attachments, file, this.#attached.length);
      try {
        if (why) throw new Error(why);
        this.#attached.push(...await this.#acts.upload([file]));
      } catch (error) {
        this.#acts.failed(error);
      }
      this.#showChips();
    }
  }

  #submit() {
    const text = this.#message.value.trim();
    if ((!text && !this.#attached.length) || this.#send.disabled) return;
    const chosen = { ...(this.#tool ? { toolChoice: { id: this.#tool } } : {}), ...(this.#model ? { model: this.#model } : {}) };
    const reply = this.#reply ? { reply: this.#reply } : {};
    const message = { content: contentOf(text, this.#entities), attachments: this.#attached, ...reply, ...chosen };
    this.#menu.close();
    this.#message.value = this.#reply = "";
    this.#entities = [];
    this.#attached = [];
    if (this.#tool && !this.#toolOf(this.#tool)?.persistent) this.#chooseTool(null);
    this.#showChips();
    this.#acts.send(message);
  }

  /** @param {Record<string, any>} options */
  #configure(options) {
    this.#options = options;
    this.#label();
    const { attachments, tools = [], models = [], dictation } = options.composer ?? {};
    this.#attach.hidden = attachments?.enabled !== true;
    const kinds = Object.entries(attachments?.accept ?? {}).flatMap(([kind, endings]) => [kind, ...endings]);
    this.#file.setAttribute("accept", kinds.join(","));
    this.#mention.hidden = !(options.entities?.onTagSearch && options.entities.showComposerMenu);
    this.#speak.hidden = !(dictation?.enabled && this.#dictation.isPossible);
    fill(this.#tools, this.texts.say("No tool"), tools);
    this.#showPinned();
    fill(this.#models, "", models);
    this.#model ??= models.find((/** @type {any} */ one) => one.default)?.id;
    this.#models.value = this.#model ?? "";
    this.#showDictation();
    this.#showChips();
  }

  #label() {
    const { texts } = this;
    this.#message.setAttribute("aria-label", texts.say("Message"));
    this.#tools.setAttribute("aria-label", texts.say("Tool"));
    this.#models.setAttribute("aria-label", texts.say("Model"));
    this.#menu.list.setAttribute("aria-label", texts.say("Suggestions"));
    for (const [made, words] of /** @type {const} */ ([[this.#attach, "Attach"], [this.#stop, "Stop"], [this.#send, "Send"]])) {
      made.textContent = texts.say(words);
    }
  }

  /** Tools that stand beside the others, each with its icon. */
  #showPinned() {
    const pinned = (this.#options.composer?.tools ?? []).filter((/** @type {any} */ one) => one.pinned === true);
    this.#pinned.replaceChildren(...pinned.map((/** @type {any} */ { id, icon, label, shortLabel }) => {
      const isChosen = id === this.#tool;
      const made = button(shortLabel ?? label, "pinned-tool", () => this.#chooseTool(isChosen ? null : id), icon);
      made.setAttribute("aria-pressed", String(isChosen));
      return made;
    }));
    this.#pinned.hidden = pinned.length === 0;
  }

  /** @param {string | null} toolId */
  #toolOf(toolId) {
    return (this.#options.composer?.tools ?? []).find((/** @type {any} */ { id }) => id === toolId);
  }

  /** @param {string | null} toolId */
  #chooseTool(toolId) {
    this.#tool = toolId;
    this.#tools.value = toolId ?? "";
    const placeholder = this.#toolOf(toolId)?.placeholderOverride ?? this.#options.composer?.placeholder;
    this.#message.setAttribute("placeholder", placeholder ?? this.texts.say("Message the AI"));
    this.#showPinned();
    this.#acts.toolChanged(toolId);
  }

  /** @param {"@" | "/"} sign */
  #begin(sign) {
    const { value } = this.#message;
    this.#message.value = `${value}${value && !/\s$/.test(value) ? " " : ""}${sign}`;
    this.#message.focus();
    void this.#look();
  }

  /** What "@" and "/" ask for, where the caret is. */
  async #look() {
    const search = ++this.#searches;
    const { value, selectionStart } = this.#message;
    const asked = askedAt(value, selectionStart ?? value.length);
    const found = asked ? await this.#found(asked) : [];
    if (search === this.#searches) this.#menu.show(found);
  }

  /**
   * @param {import("./composed.js").Asked} asked
   * @returns {Promise<import("./suggestion-menu.js").Suggestion[]>}
   */
  async #found(asked) {
    const { entities, commands } = this.#options;
    try {
      if (asked.sign === "@") {
        const found = await entities?.onTagSearch?.(asked.query) ?? [];
        return found.map((/** @type {Entity} */ one) => (
          { label: one.title, group: one.group, icon: one.icon, choose: () => this.#insert(one, asked) }
        ));
      }
      if (!commands?.enabled) return [];
      const found = await commands.onSearch?.(asked.query) ?? [];
      return [...this.#commands(found, asked), ...this.#builtIn(asked)];
    } catch (error) {
      this.#acts.failed(error);
      return [];
    }
  }

  /**
   * @param {any[]} commands
   * @param {import("./composed.js").Asked} asked
   */
  #commands(commands, asked) {
    return commands.map((one) => (
      { label: one.label, description: one.description, group: one.group, icon: one.icon, choose: () => void this.#run(one, asked) }
    ));
  }

  /**
   * What the composer has of its own: files, and its tools.
   *
   * @param {import("./composed.js").Asked} asked
   */
  #builtIn(asked) {
    const own = this.#attach.hidden ? [] : [{ label: this.texts.say("Attach"), icon: "lucide:paperclip", choose: () => this.#file.click() }];
    const tools = (this.#options.composer?.tools ?? []).map((/** @type {any} */ { id, label, icon }) => (
      { label, icon, choose: () => this.#chooseTool(id) }
    ));
    return [...own, ...tools]
      .filter(({ label }) => label.toLowerCase().startsWith(asked.query.toLowerCase()))
      .map(({ label, icon, choose }) => ({ label, icon, group: "Composer", choose: () => { this.#put("", asked); choose(); } }));
  }

  /**
   * @param {any} command
   * @param {import("./composed.js").Asked} asked
   */
  async #run(command, asked) {
    this.#put("", asked);
    const here = { ...asked, to: asked.from };
    try {
      const selection = await this.#options.commands?.onSelect?.(command);
      if (selection?.type === "entity") this.#insert(selection.entity, here);
      if (selection?.type === "menu") this.#menu.show(this.#commands(selection.commands, here));
    } catch (error) {
      this.#acts.failed(error);
    }
  }

  /**
   * @param {Entity} entity
   * @param {import("./composed.js").Asked} asked
   */
  #insert(entity, asked) {
    const { value } = this.#message;
    const before = this.#entities.filter(({ title }) => value.slice(0, asked.from).includes(title));
    const after = this.#entities.filter((one) => !before.includes(one));
    this.#entities = [...before, entity, ...after];
    this.#put(`${entity.title} `, asked);
  }

  /**
   * @param {string} by
   * @param {import("./composed.js").Asked} asked
   */
  #put(by, asked) {
    this.#searches++;
    this.#menu.close();
    this.#message.value = replaced(this.#message.value, asked, by);
    this.#message.focus();
  }

  /** @param {Blob} sound */
  async #write(sound) {
    const words = await this.#acts.transcribe(sound);
    const { value } = this.#message;
    this.#message.value = value && !/\s$/.test(value) ? `${value} ${words}` : value + words;
  }

  #showDictation() {
    const words = /** @type {const} */ ({ off: "Dictate", listening: "Listening: end", writing: "Writing…" });
    this.#speak.textContent = this.texts.say(words[this.#dictation.state]);
  }

  #showChips() {
    const quote = this.#reply ? [this.#chip(`“${this.#reply}”`, this.texts.say("Do not quote"), () => { this.#reply = ""; })] : [];
    const files = this.#attached.map((one) => this.#chip(String(one.name ?? one.id), this.texts.say("Remove"), () => {
      this.#attached = this.#attached.filter((other) => other !== one);
    }));
    this.#chips.replaceChildren(...quote, ...files);
    this.#chips.hidden = this.#chips.childElementCount === 0;
  }

  /**
   * @param {string} text
   * @param {string} label
   * @param {() => void} forget
   */
  #chip(text, label, forget) {
    const item = element("li", "chip");
    const remove = button("×", "chip-remove", () => {
      forget();
      this.#showChips();
    });
    remove.setAttribute("aria-label", `${label}: ${text}`);
    item.append(element("span", "chip-name", text), remove);
    return item;
  }
}

/**
 * @param {HTMLSelectElement} select
 * @param {string} none
 * @param {Record<string, any>[]} choices
 */
function fill(select, none, choices) {
  const options = [{ id: "", label: none }, ...choices].map(({ id, label, description, disabled }) => {
    const option = element("option", "", String(label));
    option.setAttribute("value", id);
    if (description) option.setAttribute("title", description);
    if (disabled) option.setAttribute("disabled", "");
    return option;
  });
  select.replaceChildren(...options);
  select.hidden = choices.length === 0;
}
