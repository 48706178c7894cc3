// All texts of the application, in message files with the same keys (tests/messages.test.mjs). All but the English ones are translated by machine, and
// the page says so.

import ar from "./ar.json";
import en from "./en.json";
import es from "./es.json";
import fr from "./fr.json";

export type Key = keyof typeof en;
type Messages = Partial<Record<Key, string>>;

export const languages = {
  en: { name: "English", direction: "ltr", messages: en as Messages },
  ar: { name: "العربية", direction: "rtl", messages: ar as Messages },
  es: { name: "Español", direction: "ltr", messages: es as Messages },
  fr: { name: "Français", direction: "ltr", messages: fr as Messages },
} as const;

export type Language = keyof typeof languages;

const REMEMBERED = "clearway-language";

function isLanguage(word: string | null | undefined): word is Language {
  return word != null && word in languages;
}

function first(): Language {
  const wanted = localStorage.getItem(REMEMBERED);
  if (isLanguage(wanted)) return wanted;
  const ours = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return ours ?? "en";
}

export const i18n = $state<{ language: Language }>({ language: first() });

function apply(language: Language): void {
  document.documentElement.lang = language;
  document.documentElement.dir = languages[language].direction;
}
apply(i18n.language);

/** Changes the language of the whole application. */
export function speak(language: Language): void {
  i18n.language = language;
  localStorage.setItem(REMEMBERED, language);
  apply(language);
}

/** A text with its values put in: `{name}` in a message is replaced by `values.name`. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = languages[i18n.language].messages[key] ?? en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The text of a key that is put together; the word itself where there is none. */
export function word(prefix: string, name: string): string {
  const key = `${prefix}.${name}`;
  return key in en ? t(key as Key) : name.replaceAll("_", " ");
}
