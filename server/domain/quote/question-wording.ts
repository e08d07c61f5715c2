/** A question in the forms in which it is compared with pages. */
export interface QuestionWording {
  /** As the visitor put it: tells what kind of answer is wanted. */
  put: string;
  /** As the site would put it. */
  own: string;
  /** As `own`, with the words that it takes from what was said before. */
  standalone: string;
  /** Of `own` and `standalone`, ISO 639-1. */
  language: string;
}

/** A question that needs nothing from before and is put as the site would put it. */
export function wordedAlone(question: string, language: string): QuestionWording {
  return { put: question, own: question, standalone: question, language };
}
