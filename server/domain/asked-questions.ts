/** Where an owner's question leads within its document: the passage as it stood when that was said. */
export interface QuestionPlace {
  headingPath: readonly string[];
  text: string;
}

/** Another way to ask for a document, or for one passage of it. */
export interface AskedQuestion {
  question: string;
  /** Null: it leads to the whole document. */
  place: QuestionPlace | null;
}

/** An owner's questions of a document as its passages are now. */
export interface PlacedQuestions {
  /** Those that lead to the whole document, the astray ones among them. */
  whole: string[];
  /** Those whose passage is gone. */
  astray: string[];
  /** By passage, in the order of the document. */
  byPassage: string[][];
}

/** A passage in another place than before is the same one where it holds this much of the former's text. */
const sameShare = 0.5;
const gramLength = 4;

/** Runs of characters, so that scripts without spaces are compared as well as others. */
function gramsOf(text: string): Set<string> {
  const plain = text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
  const grams = new Set<string>();
  for (let at = 0; at <= Math.max(0, plain.length - gramLength); at += 1) {
    grams.add(plain.slice(at, at + gramLength));
  }
  return grams;
}

function shareHeld(grams: ReadonlySet<string>, text: string): number {
  const held = gramsOf(text);
  return [...grams].filter((gram) => held.has(gram)).length / grams.size;
}

const isUnder = (path: readonly string[]) => (passage: QuestionPlace) =>
  passage.headingPath.length === path.length &&
  passage.headingPath.every((heading, level) => heading === path[level]);

/**
 * The passage that a place means now: of those under its headings the one most like it, whatever became of its
 * words; where these headings are gone, or there never were any, one that holds most of its text. Null where neither
 * is there.
 */
function findPlace(place: QuestionPlace, passages: readonly QuestionPlace[]): number | null {
  const under = place.headingPath.length === 0 ? [] : passages.filter(isUnder(place.headingPath));
  const candidates = under.length > 0 ? under : passages;
  const grams = gramsOf(place.text);
  const shares = candidates.map(({ text }) => shareHeld(grams, text));
  const most = Math.max(0, ...shares);
  const best = candidates[shares.indexOf(most)];
  if (best === undefined || (under.length === 0 && most < sameShare)) return null;
  return passages.indexOf(best);
}

/** Sorts a document's questions by where they lead now. */
export function placeQuestions(
  asked: readonly AskedQuestion[],
  passages: readonly QuestionPlace[],
): PlacedQuestions {
  const placed: PlacedQuestions = { whole: [], astray: [], byPassage: passages.map(() => []) };
  for (const { question, place } of asked) {
    const at = place === null ? null : findPlace(place, passages);
    const own = at === null ? undefined : placed.byPassage[at];
    (own ?? placed.whole).push(question);
    if (place !== null && own === undefined) placed.astray.push(question);
  }
  return placed;
}

/**
 * The questions once `questions` lead to the whole document, in place of those that did. What went astray keeps its
 * place, for the case that its passage comes back.
 */
export function askOfDocument(
  asked: readonly AskedQuestion[],
  passages: readonly QuestionPlace[],
  questions: readonly string[],
): AskedQuestion[] {
  const { whole, astray } = placeQuestions(asked, passages);
  const placeOf = new Map(asked.map(({ question, place }) => [question, place]));
  const wanted = [...new Set(questions)].map((question) => ({
    question,
    place: astray.includes(question) ? (placeOf.get(question) ?? null) : null,
  }));
  return [...without(asked, [...whole, ...questions]), ...wanted];
}

/** The questions once `questions` lead to passage number `at`, in place of those that did. */
export function askOfPassage(
  asked: readonly AskedQuestion[],
  passages: readonly QuestionPlace[],
  at: number,
  questions: readonly string[],
): AskedQuestion[] {
  const passage = passages[at];
  if (passage === undefined) return [...asked];
  const place = { headingPath: [...passage.headingPath], text: passage.text };
  const before = placeQuestions(asked, passages).byPassage[at] ?? [];
  const wanted = [...new Set(questions)].map((question) => ({ question, place }));
  return [...without(asked, [...before, ...questions]), ...wanted];
}

/** The questions with others besides, which may come from elsewhere. */
export function addQuestions(
  asked: readonly AskedQuestion[],
  given: readonly AskedQuestion[],
): AskedQuestion[] {
  const byQuestion = new Map(given.map((each) => [each.question, each]));
  return [...without(asked, [...byQuestion.keys()]), ...byQuestion.values()];
}

/** A question leads to one place: saying it anew moves it. */
function without(asked: readonly AskedQuestion[], questions: readonly string[]): AskedQuestion[] {
  return asked.filter(({ question }) => !questions.includes(question));
}

/** Ways to ask for one place at most. */
export const maxQuestionsOfPlace = 50;

/** Whether more questions lead to one place, a passage or a whole document, than may. */
export function hasTooMany(
  asked: readonly AskedQuestion[],
  passages: readonly QuestionPlace[] | null,
): boolean {
  const keyOf = ({ place }: AskedQuestion) =>
    place === null ? '' : JSON.stringify([place.headingPath, place.text]);
  const placed = passages === null ? null : placeQuestions(asked, passages);
  const groups =
    placed === null
      ? [...Map.groupBy(asked, keyOf).values()]
      : [placed.whole.filter((question) => !placed.astray.includes(question)), ...placed.byPassage];
  return groups.some((group) => group.length > maxQuestionsOfPlace);
}
