import type { Guard } from './guard.ts';

const pdf = { id: 'L1', tests: ['ingest/extract/pdf-visible.test.ts'] } as const;
const office = { id: 'L1', tests: ['ingest/extract/office/hidden.test.ts'] } as const;
const orders = { id: 'L4', tests: ['server/services/answer-injection.test.ts'], names: 'L4' } as const;
const paint = 'ingest/extract/pdf-paint.ts';
const slides = 'ingest/extract/office/pptx-hidden.ts';

/** L1 and L4: text that nobody sees, and orders to the model in what everybody sees. */
export const unseenGuards: readonly Guard[] = [
  {
    ...pdf,
    guard: 'letters in the colour of their ground',
    file: paint,
    edits: [["return isSeen(box, state) ? null : 'colour';", 'return null;']],
  },
  {
    ...pdf,
    guard: 'covered letters',
    file: paint,
    edits: [["run.unseen = 'covered';", 'run.unseen = null;']],
  },
  { ...pdf, guard: 'layers that are off', file: paint, edits: [["if (isHidden) return 'layer';", '']] },
  { ...pdf, guard: 'specks', file: paint, edits: [["< leastSize) return 'tiny';", "< 0) return 'tiny';"]] },
  {
    ...pdf,
    guard: 'letters outside the clip',
    file: paint,
    edits: [["(1 - coveredShare)) return 'outside';", '(1 - coveredShare)) return null;']],
  },
  {
    ...pdf,
    guard: 'modes that paint nothing',
    file: paint,
    edits: [["state.mode === modes.clip) return 'invisible';", 'state.mode === modes.clip) return null;']],
  },
  {
    ...pdf,
    guard: 'an invisible layer needs a picture that shows it',
    file: 'ingest/extract/pdf-visible.ts',
    edits: [['return hasUnread || covered >= areaOf(view) * scanShare;', 'return true;']],
  },
  {
    ...pdf,
    guard: 'the text layer of a scan stays',
    file: 'ingest/extract/pdf-visible.ts',
    edits: [['return hasUnread || covered >= areaOf(view) * scanShare;', 'return false;']],
  },
  {
    ...pdf,
    guard: 'a title is one of the text',
    file: 'ingest/extract/stated-title.ts',
    edits: [['.length * 2 >= words.length ? title : null', '.length >= 0 ? title : null']],
  },
  {
    ...office,
    guard: 'hidden, white and tiny runs of Word',
    file: 'ingest/extract/office/docx-hidden.ts',
    edits: [
      [
        'const isHidden = run.isVanished === true || run.isTiny === true || isLost;',
        'const isHidden = isLost && false;',
      ],
    ],
  },
  {
    ...office,
    guard: 'white on a ground is seen in Word',
    file: 'ingest/extract/office/docx-hidden.ts',
    edits: [['run.hasGround !== true && grounds === 0', 'grounds >= 0']],
  },
  {
    ...office,
    guard: 'hidden slides',
    file: slides,
    edits: [['const isHidden = isSlideHidden || ', 'const isHidden = ']],
  },
  { ...office, guard: 'hidden shapes', file: slides, edits: [['open[open.length - 1] = true;', '']] },
  { ...office, guard: 'shapes beside the slide', file: slides, edits: [['open[0] = true;', '']] },
  {
    ...office,
    guard: 'hidden rows of workbooks',
    file: 'ingest/extract/office/xlsx-sheet.ts',
    edits: [['.filter(({ isShown }) => isShown)', '']],
  },
  {
    ...office,
    guard: 'hidden columns of workbooks',
    file: 'ingest/extract/office/xlsx-sheet.ts',
    edits: [['!hiddenColumns.has(at))', 'at >= 0)']],
  },
  {
    ...office,
    guard: 'cells that show nothing',
    file: 'ingest/extract/office/xlsx-unseen.ts',
    edits: [['unseen.add(styles);', 'unseen.delete(styles);']],
  },
  {
    ...office,
    guard: 'hidden parts of OpenDocument',
    file: 'ingest/extract/office/odt.ts',
    edits: [[' || hidden.open(name, attributes)', '']],
  },
  {
    ...orders,
    guard: 'orders to the model are no content',
    file: 'server/services/answer/clean-passages.ts',
    edits: [['withoutOrders(passage.text)', 'withoutOrders(passage.text.slice(0, 0))']],
  },
  {
    ...orders,
    guard: 'the owner is told of them',
    file: 'server/services/answer/finish.ts',
    edits: [[', ...poisonedReasons(found?.readable.poisoned ?? [])', '']],
  },
];
