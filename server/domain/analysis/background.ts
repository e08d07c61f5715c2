import english from './background-english.json' with { type: 'json' };

/**
 * Words that are common in what people ask whatever the site is about, so that finding them says little.
 * Written by hand, in normalised form; the function words of a language have a list of their own. English has
 * counts instead (`background-english.json`, which tells its origin).
 */
const everyday: Readonly<Record<string, string>> = {
  de: `sagen wissen möchte möchten wollen will brauche brauchen finden hilfe helfen suche suchen frage fragen antwort
    geben machen nehmen nutzen zeigen sehen bedeutet bedeuten geht gehen ding dinge art arten möglich erklären
    information informationen danke hallo bitte gerne genau eigentlich neue gut erste zeit jahr tag name kommt`,
  fr: `dire savoir veux voudrais besoin aime trouver aide aider cherche question réponse donner faire prendre utiliser
    montrer voir signifie chose façon sorte type possible expliquer information informations merci bonjour nouveau
    bon premier temps nom année jour`,
  es: `decir saber quiero quisiera necesito gusta encontrar ayuda ayudar busco pregunta respuesta dar hacer tomar usar
    mostrar ver significa cosa manera tipo posible explicar información gracias hola nuevo bueno primero tiempo
    nombre año día`,
  it: `dire sapere voglio vorrei bisogno piace trovare aiuto cerco domanda risposta dare fare prendere usare mostrare
    vedere significa cosa modo tipo possibile spiegare informazioni grazie ciao nuovo buono primo tempo nome anno`,
  pt: `dizer saber quero queria preciso gosto encontrar ajuda procuro pergunta resposta dar fazer tomar usar mostrar
    ver significa coisa maneira tipo possível explicar informação obrigado olá novo bom primeiro tempo nome ano dia`,
  nl: `zeggen weten wil willen nodig vinden hulp helpen zoek vraag antwoord geven maken nemen gebruiken tonen zien
    betekent ding manier soort mogelijk uitleggen informatie bedankt hallo nieuw goed eerste tijd naam jaar dag`,
};

const sets: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(everyday).map(([language, list]) => [language, new Set(list.split(/\s+/u))]),
);

/** Rarity of English words that are in no band; all others are measured against it. */
const rareEnglish = 0.85;

const englishRarity: ReadonlyMap<string, number> = new Map(
  english.bands.flatMap(({ rarity, stems }) => stems.split(/\s+/u).map((stem) => [stem, rarity] as const)),
);

/** Where there are no counts: what grammar and everyday words of English weigh on average. */
const roughWeights = { function: 0.1, everyday: 0.25 } as const;

/**
 * How much finding a word says, 0..1, by how rare it is in what people say whatever they talk about: its
 * rarity (the logarithm of its share of all words) over a rare word's, squared.
 */
export function backgroundWeight(
  token: { surface: string; stem: string; isFunction: boolean },
  language: string | null,
): number {
  if ((language ?? 'en') === 'en') return ((englishRarity.get(token.stem) ?? rareEnglish) / rareEnglish) ** 2;
  if (token.isFunction) return roughWeights.function;
  return sets.get(language ?? '')?.has(token.surface) === true ? roughWeights.everyday : 1;
}
