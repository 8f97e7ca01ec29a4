import { filtered, isStandIn } from "./filtered";
import { isSecretKey } from "./secret-names";

const tagCharsMax = 512;
const charsMin = 3;
const tagName = /<([A-Za-z_][\w.-]{0,64}(?::[\w.-]{1,64})?)(?=[\s/>])/y;
const namingAttribute = /\s(?:name|key)\s{0,3}=\s{0,3}["']([\w.[\]:-]{1,64})["']/i;
/** They have no content. */
const voids = /^(?:input|meta|link|img|br|hr|param|add|area|base|source)$/i;
/** What is in them names what comes next: property lists, XML-RPC. */
const namingElements = /^(?:key|name)$/i;

/** Content of elements whose name, or whose attribute `name` or `key`, is a secret's. */
export function scrubElements(text: string): string {
  let out = "";
  let copied = 0;
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at + 1)) {
    if (at < copied) continue;
    tagName.lastIndex = at;
    const element = tagName.exec(text)?.[1];
    if (element === undefined) continue;
    const close = at + text.slice(at, at + tagCharsMax).indexOf(">");
    if (close < at || text[close - 1] === "/") continue;
    const name = element.slice(element.indexOf(":") + 1);
    const content = contentOf(text, element, name, at, close);
    if (content === undefined) continue;
    out += text.slice(copied, content.start) + filtered;
    copied = content.end;
  }
  return copied === 0 ? text : out + text.slice(copied);
}

function contentOf(text: string, element: string, name: string, at: number, close: number) {
  const start = close + 1;
  if (isSecretKey(name)) return spanOf(text, start, closing(text, start, `</${element}`));
  if (namingElements.test(name)) {
    const end = text.indexOf("<", start);
    if (end < 0 || end - start > 64 || !isSecretKey(text.slice(start, end).trim()))
      return undefined;
    const next = text.indexOf(">", text.indexOf("<", end + 1)) + 1;
    const inner = text[next] === "<" ? text.indexOf(">", next) + 1 : next;
    return next === 0 || inner === 0 ? undefined : spanOf(text, inner, closing(text, inner, "<"));
  }
  const named = namingAttribute.exec(text.slice(at, close))?.[1];
  if (named === undefined || voids.test(name) || !isSecretKey(named)) return undefined;
  return spanOf(text, start, closing(text, start, `</${element}`));
}

function closing(text: string, start: number, mark: string): number {
  const end = text.indexOf(mark, start);
  return end < 0 ? text.length : end;
}

function spanOf(text: string, start: number, end: number) {
  const content = text.slice(start, end).trim();
  return content.length < charsMin || isStandIn(content) ? undefined : { start, end };
}

const disposition = "form-data;";
const headCharsMax = 1024;
const nameCharsMax = 160;
const partName = /name=\\?"([^"\\\r\n]{1,128})\\?"/i;
const emptyLine = /\r?\n\r?\n|(?:\\r)?\\n(?:\\r)?\\n/g;
const boundary = /(?:\r?\n|(?:\\r)?\\n)--/g;

/** Parts of a multipart form, also where line ends are escaped. */
export function scrubParts(text: string): string {
  let out = "";
  let copied = 0;
  let empty: RegExpExecArray | null = null;
  for (let at = text.indexOf(disposition); at >= 0; at = text.indexOf(disposition, at + 1)) {
    if (at < copied) continue;
    if (empty === null || empty.index < at) {
      emptyLine.lastIndex = at;
      empty = emptyLine.exec(text);
      if (!empty) break;
    }
    if (empty.index - at > headCharsMax) continue;
    const head = text.slice(at, Math.min(empty.index, at + nameCharsMax));
    const name = partName.exec(head)?.[1];
    if (name === undefined || !isSecretKey(name)) continue;
    const start = empty.index + empty[0].length;
    boundary.lastIndex = start;
    const end = boundary.exec(text)?.index ?? text.length;
    if (end - start < 1) continue;
    out += text.slice(copied, start) + filtered;
    copied = end;
  }
  return copied === 0 ? text : out + text.slice(copied);
}
