/**
 * Words that are common in what people ask whatever the site is about, so that finding them says little.
 * Written by hand, in normalised form; the function words of a language have a list of their own.
 */
const everyday: Readonly<Record<string, string>> = {
  en: `tell know want need like find help look looking ask asking question answer give make made take use used using
    show see say said mean means happen happens work works thing things way ways kind kinds type types lot able
    possible try trying call called come came put keep think understand explain information info details detail
    learn sure hi hello thanks thank hey yes ok okay wonder wondering wanted needs wants new good best first time
    people part number many much long name year day different main following according known include includes
    including example believe seem become`,
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

/** How much a word counts when it is found: grammar little, everyday words some, all others fully. */
export const backgroundWeights = { function: 0.05, everyday: 0.35, content: 1 } as const;

export function backgroundWeight(
  token: { surface: string; isFunction: boolean },
  language: string | null,
): number {
  if (token.isFunction) return backgroundWeights.function;
  const isEveryday = sets.get(language ?? 'en')?.has(token.surface) === true;
  return isEveryday ? backgroundWeights.everyday : backgroundWeights.content;
}
