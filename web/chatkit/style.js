/** The style sheet of the stand-in's shadow root; its custom properties are set by `theme.js`. */
export const STYLE = `
  :host { display: grid; min-height: 16rem; }
  :host([hidden]) { display: none; }
  [hidden] { display: none !important; }
  .frame { display: grid; grid-template-rows: auto minmax(0, 1fr) auto auto; gap: var(--gap); height: 100%; max-height: 100%; min-width: 0; padding: 0.75rem; box-sizing: border-box; font: var(--size)/1.45 var(--font); color-scheme: var(--scheme); color: var(--ink); background: var(--surface); }
  .stand-in { margin: 0; padding: 0.25rem 0.6rem; border: 1px dashed; border-radius: 0.5rem; font-size: 0.8em; }
  .header { display: flex; align-items: center; gap: 0.5rem; margin-top: 0.5rem; }
  .title { flex: 1; min-width: 0; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .scroller { overflow-y: auto; }
  ol, ul { display: grid; gap: var(--gap); margin: 0; padding: 0; list-style: none; }
  p { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
  .greeting { padding-block: 1rem; font-size: 1.25em; font-weight: 600; }
  .turn-who, .turn-note, .widget-caption, .progress, .menu-description, .menu-group { font-size: 0.8em; opacity: 0.75; }
  .progress.strong { font-weight: 600; opacity: 1; }
  .turn { display: grid; gap: 0.25rem; justify-items: start; }
  .turn-user { justify-items: end; }
  .turn-user .turn-text { padding: 0.35rem 0.8rem; border-radius: var(--radius); background: var(--tint); }
  .entities, .actions, .prompts, .composer-row, .history li { display: flex; flex-wrap: wrap; gap: 0.4rem; align-items: center; }
  .entity { position: relative; }
  .preview { position: absolute; z-index: 1; inset-block-start: 110%; inset-inline-start: 0; min-width: 12rem; padding: 0.6rem; border: 1px solid; border-radius: 0.6rem; background: var(--surface); }
  .turn-user .preview { inset-inline: auto 0; }
  .widget-card, .widget-col, .widget { display: grid; gap: 0.5rem; }
  .widget-card { padding: 0.6rem; border: 1px solid; border-radius: 0.6rem; }
  .widget-field { padding: 0.35rem 0.6rem; border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: 0.45rem; font: inherit; color: inherit; background: transparent; }
  .widget-tick { display: flex; gap: 0.4rem; align-items: baseline; }
  .widget-strong { font-weight: 600; }
  .widget-row { display: flex; flex-wrap: wrap; gap: 0.5rem; }
  .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .composer { position: relative; display: grid; gap: 0.4rem; padding: 0.5rem; border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: var(--radius); }
  .composer .send { margin-inline-start: auto; }
  .chips { display: flex; flex-wrap: wrap; gap: 0.35rem; }
  .chip { display: flex; gap: 0.35rem; align-items: center; padding: 0 0.25rem 0 0.6rem; border-radius: 1rem; background: var(--tint); }
  .chip-name { max-width: 14rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .menu { position: absolute; inset-inline: 0; inset-block-end: 100%; z-index: 2; gap: 0; max-height: 14rem; overflow-y: auto; padding: 0.3rem; border: 1px solid; border-radius: 0.6rem; background: var(--surface); }
  .menu-option { display: flex; justify-content: space-between; gap: 1rem; padding: 0.25rem 0.5rem; border-radius: 0.4rem; cursor: pointer; }
  .menu-option[aria-selected="true"], .menu-option:hover { background: var(--tint); }
  .menu-group { padding: 0.25rem 0.5rem; }
  textarea { min-width: 0; padding: 0.25rem; border: 0; font: inherit; color: inherit; background: transparent; resize: none; }
  button, select { max-width: 100%; padding: 0.2rem 0.75rem; border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: var(--radius); font: inherit; font-size: 0.9em; color: inherit; background: transparent; cursor: pointer; }
  button:disabled { opacity: 0.5; cursor: default; }
  button[aria-pressed="true"] { background: var(--tint); border-color: currentColor; }
  .send { color: var(--on-accent); background: var(--accent); }
  .chip-remove { padding: 0 0.4rem; border: 0; }
  .link { text-decoration: underline; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
  .composer textarea:focus-visible { outline: none; }
  .composer:has(textarea:focus-visible) { outline: 2px solid var(--accent); outline-offset: 1px; }
  .icon { flex: none; width: 1.05em; height: 1.05em; vertical-align: -0.15em; }
  button .icon + *, .header-action .icon { margin: 0; }
  button:has(.icon), .menu-label, .work-summary, .work-title { display: inline-flex; gap: 0.4em; align-items: center; }
  .header-action { padding: 0.3rem 0.45rem; }
  .pinned { display: contents; }
  .history-day, .work-attribution, .work-status { font-size: 0.8em; opacity: 0.75; }
  .work-summary { cursor: pointer; }
  .work-summary::after { content: "▸"; font-size: 0.8em; }
  .work[open] > .work-summary::after { content: "▾"; }
  .work-tasks { padding-block-start: 0.3rem; }
  .work-content { padding-inline-start: 1.5em; opacity: 0.85; }
  .work-sources { display: flex; flex-wrap: wrap; gap: 0.3rem 0.8rem; padding-inline-start: 1.75em; font-size: 0.85em; }
  .work a { color: inherit; }
  img { max-width: 100%; }
  code { font-family: var(--mono); }
`;
