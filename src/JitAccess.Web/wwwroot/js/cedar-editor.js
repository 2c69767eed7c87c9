// The Cedar editor: CodeMirror with Cedar's colours and words. The server judges the text and says what to underline.
import {
  EditorState, Compartment, EditorView, keymap, lineNumbers, drawSelection, highlightSpecialChars, placeholder,
  history, historyKeymap, defaultKeymap, indentWithTab, StreamLanguage, HighlightStyle, syntaxHighlighting, bracketMatching, indentUnit,
  autocompletion, completionKeymap, closeBrackets, closeBracketsKeymap, setDiagnostics, nextDiagnostic, tags,
} from "../lib/codemirror/codemirror.mjs";

// Long enough to send a burst of keys once, short enough that problems appear while the eye is still there.
const SEND_AFTER = 40, ANSWER_WITHIN = 5000;

// --- language ---
const keywords = new Set(["permit", "forbid", "when", "unless", "if", "then", "else", "in", "is", "like", "has"]);
const variables = new Set(["principal", "action", "resource", "context"]);
const constants = new Set(["true", "false"]);
const functions = new Set(["ip", "decimal", "datetime", "duration"]);

const cedar = StreamLanguage.define({
  name: "cedar",
  languageData: { commentTokens: { line: "//" }, closeBrackets: { brackets: ["(", "[", "{", '"'] } },
  startState: () => ({ isInString: false, isAfterDot: false }),
  token(stream, state) {
    if (!state.isInString && stream.eatSpace()) return null;
    const isAfterDot = state.isAfterDot;
    state.isAfterDot = false;
    if (state.isInString || stream.eat('"')) {
      state.isInString = true;
      while (!stream.eol()) {
        const next = stream.next();
        if (next === "\\") stream.next();
        else if (next === '"') { state.isInString = false; break; }
      }
      return "string";
    }
    if (stream.match("//")) { stream.skipToEnd(); return "comment"; }
    if (stream.match(/^@[A-Za-z_]\w*/)) return "meta";
    if (stream.match(/^\d+/)) return "number";
    if (stream.match(/^[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*(?=::")/) || stream.match(/^[A-Za-z_]\w*(?:::[A-Za-z_]\w*)+/)) return "typeName";
    if (stream.match(/^[A-Za-z_]\w*/)) {
      const word = stream.current();
      if (isAfterDot) return stream.match(/^\s*\(/, false) ? "method" : "propertyName";
      if (keywords.has(word)) return "keyword";
      if (variables.has(word)) return "variableName";
      if (constants.has(word)) return "bool";
      return functions.has(word) ? "method" : "propertyName";
    }
    state.isAfterDot = stream.eat(".") !== undefined;
    if (!state.isAfterDot) stream.next();
    // Without a style of its own: thousands of brackets in a row are then one piece of text in the page.
    return null;
  },
  tokenTable: { method: tags.function(tags.propertyName) },
});

// --- look: the colours of the page's own sheet, so that both themes fit ---
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--text)", fontWeight: "600" },
  { tag: [tags.string], color: "var(--ok)" },
  { tag: tags.typeName, color: "var(--info)" },
  { tag: tags.function(tags.propertyName), color: "var(--accent)" },
  { tag: [tags.number, tags.bool, tags.meta], color: "var(--warn)" },
  { tag: tags.comment, color: "var(--text-2)", fontStyle: "italic" },
]);

const underline = colour => ({ backgroundImage: "none", textDecoration: `underline wavy var(${colour}) 1px`, textUnderlineOffset: "3px", textDecorationSkipInk: "none" });
const look = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--surface)", font: "400 13px/20px var(--mono)" },
  "&.cm-focused": { outline: "none" },
  ".cm-content, .cm-gutter": { minHeight: "var(--editor-least)" },
  ".cm-scroller": { font: "inherit", maxHeight: "var(--editor-most)", overflow: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--text)", minWidth: "0" },
  ".cm-line": { padding: "0 12px 0 8px", overflowWrap: "anywhere" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--text-2)", border: "0", borderRight: "1px solid var(--line)" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 8px", minWidth: "32px" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-line)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent-line)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-soft)" },
  ".cm-placeholder": { color: "var(--text-2)", whiteSpace: "pre-wrap" },
  ".cm-specialChar": { color: "var(--bad)" },
  ".cm-lintRange-error": underline("--bad"),
  ".cm-lintRange-warning": underline("--warn-fill"),
  ".cm-lintPoint-error:after": { borderBottomColor: "var(--bad)" },
  ".cm-lintPoint-warning:after": { borderBottomColor: "var(--warn-fill)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--text)", border: "1px solid var(--line)", borderRadius: "var(--r2)", boxShadow: "var(--shadow)", overflow: "hidden" },
  ".cm-tooltip-lint": { font: "400 13px/20px var(--font)", maxWidth: "min(440px, 90vw)" },
  ".cm-diagnostic": { padding: "8px 12px", marginLeft: "0" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--bad)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--warn-fill)" },
  ".cm-diagnosticText": { display: "block" },
  ".cm-diagnosticAction": { display: "inline-block", margin: "6px 0 0", padding: "4px 10px", font: "600 13px/20px var(--font)", backgroundColor: "var(--surface)", color: "var(--text)", border: "1px solid var(--line-strong)", borderRadius: "var(--r2)", cursor: "pointer" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { font: "400 13px/20px var(--mono)", maxHeight: "220px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 12px", lineHeight: "20px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--accent)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-completionDetail": { marginLeft: "12px", color: "var(--text-2)", fontStyle: "normal", fontFamily: "var(--font)" },
});

// --- words offered while typing ---
const word = (label, detail, apply) => ({ label, detail, apply });
const members = {
  principal: [word("employeeNumber", "optional"), word("costCenter", "optional"), word("organization", "optional"), word("division", "optional")],
  resource: [word("hasTag", "has a tag", 'hasTag("'), word("getTag", "a tag's value", 'getTag("'), word("account", "12 digits"), word("region", "eu-west-1"), word("platform", "Linux, Windows, MacOS")],
  context: [word("request", "what is asked"), word("iam", "the role's tags")],
  "context.request": [word("reason", "text"), word("durationHours", "number"), word("time", "datetime"), word("clock", "local time"), word("breakGlass", "true or false")],
  "context.request.clock": [word("hasTag", "knows a time zone", 'hasTag("'), word("getTag", "time in a zone", 'getTag("')],
  "context.iam": [word("principalTags", "tags")],
  "context.iam.principalTags": [word("hasTag", "has a tag", 'hasTag("'), word("getTag", "a tag's value", 'getTag("')],
  ")": [word("weekday", "Mon to Sun"), word("minute", "0 to 1439, of the local day")],
};
const topLevel = [
  ...[...keywords, ...constants].map(label => ({ label, type: "keyword" })),
  ...[...variables].map(label => ({ label, type: "variable" })),
  word("AWS::IdentityStore::Group", "people of a group", 'AWS::IdentityStore::Group::"'),
  word("AWS::IdentityStore::User", "a person", 'AWS::IdentityStore::User::"'),
  word("AWS::SSM::Action", "the action", 'AWS::SSM::Action::"getTokenForInstanceAccess"'),
  word("AWS::EC2::Instance", "an EC2 instance"),
  word("AWS::SSM::ManagedInstance", "a hybrid node"),
];

const offer = words => context => {
  const known = words();
  const before = context.state.doc.lineAt(context.pos).text.slice(0, context.pos - context.state.doc.lineAt(context.pos).from);
  const quoted = /^(.*)"((?:[^"\\]|\\.)*)$/.exec(before);
  if (quoted && (quoted[1].match(/(?<!\\)"/g) ?? []).length % 2 === 0) {
    const [, lead, start] = quoted;
    const tag = /getTag\("([^"]*)"\)\s*(?:==|!=|like)\s*$/.exec(lead);
    const values = tag ? known.tags[tag[1]]
      : /clock\.(?:has|get)Tag\($/.test(lead) ? known.zones
        : /(?:resource|node)\.(?:has|get)Tag\($/.test(lead) ? Object.keys(known.tags)
          : /Group::$/.test(lead) ? known.groups
            : /\.account\s*(?:==|!=|like)\s*$/.test(lead) ? known.accounts
              : /\.region\s*(?:==|!=|like)\s*$/.test(lead) ? known.regions
                : /\.platform\s*(?:==|!=|like)\s*$/.test(lead) ? known.platforms
                  : /\.weekday\s*==\s*$/.test(lead) ? ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] : null;
    return values?.length ? { from: context.pos - start.length, options: values.map(label => ({ label })), validFor: /^[^"]*$/ } : null;
  }
  if (/\/\//.test(before)) return null;
  const member = /([A-Za-z_][\w.]*|\))\.(\w*)$/.exec(before);
  if (member) {
    const options = members[member[1]];
    return options ? { from: context.pos - member[2].length, options, validFor: /^\w*$/ } : null;
  }
  const typed = /[A-Za-z_][\w:]*$/.exec(before)?.[0] ?? "";
  return typed || context.explicit ? { from: context.pos - typed.length, options: topLevel, validFor: /^[\w:]*$/ } : null;
};

/**
 * Puts an editor into `host`. `reference` is told of every change of the text, with a number that says which text is meant.
 * @param options label, text, placeholder, describedBy, limit (characters), isReadOnly, known (groups, tags, accounts, regions, platforms, zones)
 */
export function open(host, reference, options) {
  const mode = new Compartment();
  const leaving = new AbortController();
  let revision = 0, sentRevision = 0, timer = 0, isSetting = false, isGone = false, refusal = "", known = options.known;

  const named = label => EditorView.contentAttributes.of({ "aria-label": label });
  const reading = isReadOnly => isReadOnly
    ? [EditorState.readOnly.of(true), EditorView.editable.of(false), EditorView.contentAttributes.of({ tabindex: "0", "aria-readonly": "true" })]
    : [keymap.of([indentWithTab])];

  // A text over the limit would neither be judged nor saved. It is refused as a whole: what was there stays, and the clipboard keeps the rest.
  const withinLimit = EditorState.transactionFilter.of(change => {
    if (!change.docChanged || isSetting) return change;
    const length = change.newDoc.length;
    const isTooLong = length > options.limit && length > change.startState.doc.length;
    const words = isTooLong ? `The text would have ${length.toLocaleString("en")} characters; at most ${options.limit.toLocaleString("en")} are allowed. Nothing was changed. Split it into several policies.` : "";
    if (words !== refusal) {
      refusal = words;
      reference.invokeMethodAsync("TextRefusedAsync", words).catch(() => { });
    }
    return isTooLong ? [] : change;
  });

  // The server hears one text at a time and answers when it has judged it; what was typed meanwhile goes next.
  async function send() {
    clearTimeout(timer);
    timer = 0;
    if (isGone || sentRevision === revision) return;
    const sending = sentRevision = revision;
    try {
      await Promise.race([
        reference.invokeMethodAsync("TextChangedAsync", view.state.doc.toString(), sending),
        new Promise((_, fail) => setTimeout(fail, ANSWER_WITHIN)),
      ]);
    } catch {
      // The connection is away, or the server busy: the newest text is sent until it has arrived.
      if (sentRevision === sending) { sentRevision = -1; timer ||= setTimeout(send, 1000); }
    }
  }

  // What was typed before this script had come stands in the plain text area.
  const plain = host.parentElement.querySelector("textarea");
  const isFocused = plain !== null && plain === document.activeElement;
  const view = new EditorView({
    parent: host,
    state: EditorState.create({
      doc: plain?.value ?? options.text,
      extensions: [
        lineNumbers(), history(), drawSelection(), highlightSpecialChars(), bracketMatching(), closeBrackets(), indentUnit.of("  "),
        EditorState.tabSize.of(2), EditorView.lineWrapping, cedar, syntaxHighlighting(colours), look,
        autocompletion({ override: [offer(() => known)], icons: false }),
        placeholder(options.placeholder ?? ""),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, { key: "F8", run: nextDiagnostic }, ...historyKeymap, ...defaultKeymap]),
        EditorView.contentAttributes.of({ "aria-describedby": options.describedBy ?? "", spellcheck: "false", autocapitalize: "off", autocorrect: "off", translate: "no" }),
        mode.of([named(options.label), reading(options.isReadOnly)]),
        withinLimit,
        EditorView.updateListener.of(update => {
          if (!update.docChanged) return;
          revision++;
          if (isSetting) sentRevision = revision;
          else timer ||= setTimeout(send, SEND_AFTER);
        }),
      ],
    }),
  });

  // The form around listens to its fields' events; the editor speaks for itself.
  for (const type of ["input", "change"]) host.addEventListener(type, event => event.stopPropagation(), { signal: leaving.signal });
  // Whoever presses a button right after a key means the text with that key.
  host.addEventListener("focusout", send, { signal: leaving.signal });

  // Blazor takes the text area away a moment later; what is typed in that moment belongs here.
  if (plain) {
    plain.hidden = true;
    plain.removeAttribute("aria-label");
  }
  if (isFocused) view.focus();
  if (plain && plain.value !== options.text) {
    revision++;
    timer = setTimeout(send, SEND_AFTER);
  }

  const at = (line, column) => {
    const { from, to } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
    return Math.min(from + Math.max(column - 1, 0), to);
  };

  return {
    /** Shows another text, as one step that can be undone. Returns the number of the text that stands now. */
    set(text) {
      const old = view.state.doc.toString();
      if (old === text) return revision;
      // Only what differs is replaced: the cursor and the scrolling stay.
      let start = 0, end = 0;
      const most = Math.min(old.length, text.length);
      while (start < most && old[start] === text[start]) start++;
      while (end < most - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
      isSetting = true;
      try { view.dispatch({ changes: { from: start, to: old.length - end, insert: text.slice(start, text.length - end) }, userEvent: "input.set" }); } finally { isSetting = false; }
      return revision;
    },
    setMode(label, isReadOnly) { view.dispatch({ effects: mode.reconfigure([named(label), reading(isReadOnly)]) }); },
    /** Takes the words that are offered while somebody types. */
    know(words) { known = words; },
    /** Underlines problems, unless the text has moved on: then a newer answer is on its way. */
    show(problems, ofRevision) {
      if (ofRevision !== revision) return;
      view.dispatch(setDiagnostics(view.state, problems.map((problem, index) => {
        const from = at(problem.line, problem.column);
        const line = view.state.doc.lineAt(from);
        // Without a length, the word that begins there.
        const length = problem.length || /^(?:\w+|\S)?/.exec(line.text.slice(from - line.from))[0].length;
        return {
          from, to: Math.min(from + length, view.state.doc.length), severity: problem.isWarning ? "warning" : "error", message: problem.message,
          actions: problem.mend ? [{ name: problem.mend, apply: () => { reference.invokeMethodAsync("MendAsync", index); } }] : [],
        };
      })));
    },
    /** Puts the cursor where a problem is. */
    go(line, column) {
      view.dispatch({ selection: { anchor: at(line, column) }, scrollIntoView: true });
      view.focus();
    },
    dispose() {
      isGone = true;
      clearTimeout(timer);
      leaving.abort();
      view.destroy();
    },
  };
}

/** The time zone of this browser. */
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
