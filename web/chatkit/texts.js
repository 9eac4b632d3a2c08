/** The stand-in's own words in the page's language; these are ours, and not those of ChatKit. Pure. */

const ENGLISH = /** @type {const} */ ([
  "Message the AI", "What can I help with today?", "Message", "Send", "Stop", "Attach", "Dictate",
  "Listening: end", "Writing…", "Tool", "No tool", "Model", "History", "Rename", "Delete", "Save", "Title",
  "Retry", "Good", "Bad", "Remove", "Do not quote", "Suggestions", "You", "Assistant", "Chat",
]);

/** @typedef {typeof ENGLISH[number]} Words */

/** @type {Record<string, string[]>} In the order of `ENGLISH`. */
const TRANSLATED = {
  de: [
    "Nachricht an die KI", "Womit kann ich heute helfen?", "Nachricht", "Senden", "Stopp", "Anhängen",
    "Diktieren", "Hört zu: beenden", "Schreibt …", "Werkzeug", "Kein Werkzeug", "Modell", "Verlauf",
    "Umbenennen", "Löschen", "Speichern", "Titel", "Noch einmal", "Gut", "Schlecht", "Entfernen",
    "Nicht zitieren", "Vorschläge", "Sie", "Assistent", "Chat",
  ],
  fr: [
    "Envoyer un message à l’IA", "Que puis-je faire pour vous aujourd’hui ?", "Message", "Envoyer", "Arrêter",
    "Joindre", "Dicter", "À l’écoute : terminer", "Écrit…", "Outil", "Aucun outil", "Modèle", "Historique",
    "Renommer", "Supprimer", "Enregistrer", "Titre", "Réessayer", "Bien", "Mal", "Retirer", "Ne pas citer",
    "Suggestions", "Vous", "Assistant", "Chat",
  ],
  es: [
    "Envía un mensaje a la IA", "¿En qué puedo ayudarte hoy?", "Mensaje", "Enviar", "Detener", "Adjuntar",
    "Dictar", "Escuchando: terminar", "Escribiendo…", "Herramienta", "Sin herramienta", "Modelo", "Historial",
    "Cambiar nombre", "Eliminar", "Guardar", "Título", "Reintentar", "Bien", "Mal", "Quitar", "No citar",
    "Sugerencias", "Tú", "Asistente", "Chat",
  ],
  it: [
    "Scrivi all’IA", "Come posso aiutarti oggi?", "Messaggio", "Invia", "Ferma", "Allega", "Detta",
    "In ascolto: termina", "Scrive…", "Strumento", "Nessuno strumento", "Modello", "Cronologia", "Rinomina",
    "Elimina", "Salva", "Titolo", "Riprova", "Bene", "Male", "Rimuovi", "Non citare", "Suggerimenti", "Tu",
    "Assistente", "Chat",
  ],
  pt: [
    "Escreva para a IA", "Como posso ajudar hoje?", "Mensagem", "Enviar", "Parar", "Anexar", "Ditar",
    "Ouvindo: terminar", "Escrevendo…", "Ferramenta", "Nenhuma ferramenta", "Modelo", "Histórico", "Renomear",
    "Excluir", "Salvar", "Título", "Tentar de novo", "Bom", "Ruim", "Remover", "Não citar", "Sugestões",
    "Você", "Assistente", "Chat",
  ],
  nl: [
    "Schrijf aan de AI", "Waar kan ik vandaag mee helpen?", "Bericht", "Versturen", "Stoppen", "Bijvoegen",
    "Dicteren", "Luistert: beëindigen", "Schrijft…", "Hulpmiddel", "Geen hulpmiddel", "Model", "Geschiedenis",
    "Hernoemen", "Verwijderen", "Opslaan", "Titel", "Opnieuw", "Goed", "Slecht", "Weghalen", "Niet citeren",
    "Suggesties", "Jij", "Assistent", "Chat",
  ],
  ja: [
    "AI にメッセージを送る", "今日は何をお手伝いしましょうか？", "メッセージ", "送信", "停止", "添付", "音声入力", "聞き取り中：終了", "書き込み中…", "ツール",
    "ツールなし", "モデル", "履歴", "名前を変更", "削除", "保存", "タイトル", "再試行", "良い", "悪い", "取り除く", "引用しない", "候補", "あなた",
    "アシスタント", "チャット",
  ],
  zh: [
    "给 AI 发消息", "今天我能帮您什么？", "消息", "发送", "停止", "附加", "听写", "正在听：结束", "正在写…", "工具", "不用工具", "模型", "历史记录", "重命名",
    "删除", "保存", "标题", "重试", "好", "不好", "移除", "不引用", "建议", "您", "助手", "聊天",
  ],
};

const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"];

export class Texts {
  /** As `Intl` takes it. */
  locale;
  /** @type {"ltr" | "rtl"} */
  direction;
  #words;

  /**
   * @param {string | undefined} locale Of the page's options, else of the browser.
   */
  constructor(locale) {
    this.locale = understood(locale) ?? "en";
    const [language] = this.locale.split("-");
    this.direction = RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
    this.#words = TRANSLATED[language] ?? ENGLISH;
  }

  /** @param {Words} english */
  say(english) {
    return this.#words[ENGLISH.indexOf(english)];
  }

  /** @param {string | undefined} iso A date of the protocol. */
  day(iso) {
    const at = new Date(iso ?? NaN);
    return Number.isNaN(at.getTime()) ? "" : new Intl.DateTimeFormat(this.locale, { dateStyle: "medium" }).format(at);
  }
}

/**
 * @param {string | undefined} locale
 * @returns {string | undefined} Undefined for what is no locale.
 */
function understood(locale) {
  try {
    return Intl.getCanonicalLocales(locale)[0];
  } catch {
    return undefined;
  }
}
