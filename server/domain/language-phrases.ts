import { morePhrases } from './language-phrases-more.ts';

/** What the built-in answerer says in its own words; everything else is quoted from the pages. */
export interface Phrases {
  /** Before a quotation. */
  quoteIntro: string;
  /** The pages do not answer it, a person is asked. */
  notFound: string;
  /** The visitor asked for a person. */
  personAsked: string;
  /** The site has no content yet. */
  noContent: string;
  /** The model does not answer. */
  modelAway: string;
  /** After a text that broke off. */
  brokeOff: string;
  /** After a text that we are not sure of. */
  unsure: string;
  /** Before the choices of a clarifying question. */
  clarify: string;
  greeting: string;
  thanks: string;
  goodbye: string;
}

const phrasesByLanguage: Readonly<Record<string, Phrases>> = {
  en: {
    quoteIntro: 'From our pages:',
    notFound: 'I could not find an answer to this in our pages, so I am asking a colleague.',
    personAsked: 'Of course. I am asking a colleague to join.',
    noContent: 'This site has no content yet that I could answer from, so I am asking a colleague.',
    modelAway: 'I cannot write an answer at the moment, so I am asking a colleague.',
    brokeOff: 'My answer broke off here. I am asking a colleague to complete it.',
    unsure: 'I am not sure that this is right, so I am asking a colleague to check.',
    clarify: 'I can help with more than one thing here. Which one do you mean?',
    greeting: 'Hello. What would you like to know?',
    thanks: 'You are welcome. Is there anything else?',
    goodbye: 'Goodbye. Write again whenever you have a question.',
  },
  de: {
    quoteIntro: 'Von unseren Seiten:',
    notFound: 'Auf unseren Seiten habe ich darauf keine Antwort gefunden, deshalb frage ich im Team nach.',
    personAsked: 'Gern. Ich hole jemanden aus dem Team dazu.',
    noContent: 'Hier gibt es noch keine Inhalte, aus denen ich antworten kann. Ich frage im Team nach.',
    modelAway: 'Ich kann gerade keine Antwort schreiben und frage deshalb im Team nach.',
    brokeOff: 'Meine Antwort ist hier abgebrochen. Jemand aus dem Team wird sie ergänzen.',
    unsure: 'Ich bin nicht sicher, ob das stimmt, und lasse es von jemandem aus dem Team prüfen.',
    clarify: 'Dazu gibt es mehrere Themen. Welches ist gemeint?',
    greeting: 'Hallo. Wie kann ich helfen?',
    thanks: 'Gern geschehen. Gibt es noch eine Frage?',
    goodbye: 'Auf Wiedersehen. Bei Fragen bin ich jederzeit da.',
  },
  fr: {
    quoteIntro: 'Extrait de nos pages :',
    notFound: 'Je n’ai pas trouvé de réponse dans nos pages, je demande donc à un collègue.',
    personAsked: 'Bien sûr. Je demande à un collègue de prendre le relais.',
    noContent: 'Ce site n’a pas encore de contenu pour vous répondre, je demande donc à un collègue.',
    modelAway: 'Je ne peux pas rédiger de réponse pour le moment, je demande donc à un collègue.',
    brokeOff: 'Ma réponse s’est interrompue ici. Je demande à un collègue de la compléter.',
    unsure: 'Je ne suis pas certain que ce soit exact, je demande donc à un collègue de vérifier.',
    clarify: 'Plusieurs sujets correspondent. Duquel s’agit-il ?',
    greeting: 'Bonjour. Que souhaitez-vous savoir ?',
    thanks: 'Avec plaisir. Avez-vous une autre question ?',
    goodbye: 'Au revoir. Écrivez-nous dès que vous avez une question.',
  },
  es: {
    quoteIntro: 'De nuestras páginas:',
    notFound: 'No he encontrado la respuesta en nuestras páginas, así que se lo pregunto a un compañero.',
    personAsked: 'Por supuesto. Pido a un compañero que se una.',
    noContent: 'Este sitio aún no tiene contenido con el que responder, así que aviso a un compañero.',
    modelAway: 'Ahora mismo no puedo escribir una respuesta, así que aviso a un compañero.',
    brokeOff: 'Mi respuesta se ha cortado aquí. Pido a un compañero que la complete.',
    unsure: 'No estoy seguro de que sea correcto, así que pido a un compañero que lo compruebe.',
    clarify: 'Hay más de un tema posible. ¿A cuál se refiere?',
    greeting: 'Hola. ¿Qué desea saber?',
    thanks: 'De nada. ¿Tiene alguna otra pregunta?',
    goodbye: 'Adiós. Escriba cuando tenga otra pregunta.',
  },
  it: {
    quoteIntro: 'Dalle nostre pagine:',
    notFound: 'Non ho trovato la risposta nelle nostre pagine, quindi chiedo a un collega.',
    personAsked: 'Certo. Chiedo a un collega di intervenire.',
    noContent: 'Questo sito non ha ancora contenuti da cui rispondere, quindi chiedo a un collega.',
    modelAway: 'Al momento non posso scrivere una risposta, quindi chiedo a un collega.',
    brokeOff: 'La mia risposta si è interrotta qui. Chiedo a un collega di completarla.',
    unsure: 'Non sono sicuro che sia corretto, quindi chiedo a un collega di verificare.',
    clarify: 'Ci sono più argomenti possibili. Quale intende?',
    greeting: 'Salve. Che cosa desidera sapere?',
    thanks: 'Prego. Ha altre domande?',
    goodbye: 'Arrivederci. Scriva pure quando ha un’altra domanda.',
  },
  pt: {
    quoteIntro: 'Das nossas páginas:',
    notFound: 'Não encontrei a resposta nas nossas páginas, por isso vou perguntar a um colega.',
    personAsked: 'Claro. Vou pedir a um colega que continue.',
    noContent: 'Este site ainda não tem conteúdo para responder, por isso vou perguntar a um colega.',
    modelAway: 'Neste momento não consigo escrever uma resposta, por isso vou perguntar a um colega.',
    brokeOff: 'A minha resposta parou aqui. Vou pedir a um colega que a complete.',
    unsure: 'Não tenho a certeza de que isto esteja certo, por isso peço a um colega que verifique.',
    clarify: 'Há mais de um assunto possível. Qual deles?',
    greeting: 'Olá. O que gostaria de saber?',
    thanks: 'De nada. Tem mais alguma pergunta?',
    goodbye: 'Até logo. Escreva quando tiver outra pergunta.',
  },
  nl: {
    quoteIntro: 'Van onze pagina’s:',
    notFound: 'Ik heb hierop geen antwoord gevonden op onze pagina’s en vraag het daarom aan een collega.',
    personAsked: 'Natuurlijk. Ik vraag een collega om erbij te komen.',
    noContent: 'Deze site heeft nog geen inhoud om uit te antwoorden, dus ik vraag het aan een collega.',
    modelAway: 'Ik kan nu geen antwoord schrijven en vraag het daarom aan een collega.',
    brokeOff: 'Mijn antwoord is hier afgebroken. Ik vraag een collega om het aan te vullen.',
    unsure: 'Ik weet niet zeker of dit klopt en vraag een collega om het na te kijken.',
    clarify: 'Dit kan over meer dan één onderwerp gaan. Welk onderwerp bedoelt u?',
    greeting: 'Hallo. Wat wilt u weten?',
    thanks: 'Graag gedaan. Is er nog iets?',
    goodbye: 'Tot ziens. Schrijf gerust als u weer een vraag hebt.',
  },
};

const english = phrasesByLanguage['en'];

/** The phrases of a language, English where there are none. */
export function phrasesFor(language: string): Phrases {
  const phrases = phrasesByLanguage[language] ?? morePhrases[language] ?? english;
  if (phrases === undefined) throw new Error('the English phrases are missing');
  return phrases;
}

/** Languages with phrases of their own. */
export const phraseLanguages: readonly string[] = [
  ...Object.keys(phrasesByLanguage),
  ...Object.keys(morePhrases),
];
