// Every sentence of the page, from the Fluent catalogues that `make gen` copies here. A missing message shows its id: a
// test proves that there is none.

import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";

import en from "../locale/en.ftl?raw";
import fr from "../locale/fr.ftl?raw";

export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

const SOURCES: Readonly<Record<Language, string>> = { en, fr };

/** Says a message, with its arguments. */
export type Say = (id: string, args?: Readonly<Record<string, FluentVariable>>) => string;

/** The language that a browser prefers and we speak. */
export function preferred(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => tag.split("-")[0]?.toLowerCase());
  return LANGUAGES.find((language) => language === known.find((tag) => LANGUAGES.some((each) => each === tag))) ?? "en";
}

/** The voice of one language. */
export function voice(language: Language): Say {
  const bundle = new FluentBundle(language, { useIsolating: false });
  bundle.addResource(new FluentResource(SOURCES[language]));
  return (id, args) => {
    const pattern = bundle.getMessage(id)?.value;
    return pattern === undefined || pattern === null ? id : bundle.formatPattern(pattern, args, []);
  };
}
