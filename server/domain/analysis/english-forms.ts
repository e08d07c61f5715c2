/** Words of English that are written in two ways, or have two names that nobody tells apart: the second is kept. */
const twins = `
telephone phone, telephones phones, telephoned phoned, email mail, emails mails, emailed mailed, emailing mailing
colour color, colours colors, coloured colored, colouring coloring, favourite favorite, favourites favorites
favour favor, honour honor, labour labor, neighbour neighbor, neighbours neighbors, behaviour behavior
flavour flavor, flavours flavors, harbour harbor, humour humor, odour odor, rumour rumor, vapour vapor
centre center, centres centers, theatre theater, theatres theaters, metre meter, metres meters, litre liter
litres liters, fibre fiber, fibres fibers, calibre caliber, kilometre kilometer, kilometres kilometers
licence license, licences licenses, defence defense, offence offense, practise practice, practised practiced
catalogue catalog, catalogues catalogs, dialogue dialog, programme program, programmes programs, analogue analog
cheque check, cheques checks, grey gray, tyre tire, tyres tires, kerb curb, plough plow, pyjamas pajamas
aeroplane airplane, aeroplanes airplanes, jewellery jewelry, aluminium aluminum, mould mold, moulds molds
sceptical skeptical, storey story, storeys stories, artefact artifact, artefacts artifacts, ageing aging
enrol enroll, enrols enrolls, enrolment enrollment, fulfil fulfill, fulfilment fulfillment, instalment installment
instalments installments, skilful skillful, wilful willful, counsellor counselor, traveller traveler
travellers travelers, travelling traveling, travelled traveled, cancelled canceled, cancelling canceling
modelling modeling, labelled labeled, labelling labeling, fuelled fueled, judgement judgment
acknowledgement acknowledgment, paediatric pediatric, anaemia anemia, oestrogen estrogen, diarrhoea diarrhea
foetus fetus, haemorrhage hemorrhage, leukaemia leukemia, oesophagus esophagus, orthopaedic orthopedic
anaesthetic anesthetic, manoeuvre maneuver, encyclopaedia encyclopedia, cosy cozy, sulphur sulfur
analyse analyze, analysed analyzed, analysing analyzing, paralysed paralyzed
`;

/** Forms that are no stem and an ending. Left out are those that are words of their own (*left*, *found*, *saw*). */
const irregular = `
paid pay, sent send, bought buy, sold sell, broke break, broken break, gave give, given give, got get, gotten get
took take, taken take, kept keep, lost lose, made make, children child, men man, women woman, feet foot, teeth tooth
mice mouse, wore wear, worn wear, tore tear, torn tear, chose choose, chosen choose, wrote write, written write
stole steal, stolen steal, forgot forget, forgotten forget, came come, held hold
brought bring, built build, caught catch, taught teach, thought think, met meet, spent spend, won win, grew grow
grown grow, knew know, known know, shown show, drove drive, driven drive, began begin, begun begin, ate eat, eaten eat
fallen fall, hidden hide, lent lend, slept sleep, stood stand, understood understand, ran run, hung hang, bent bend
burnt burn, dealt deal, fed feed, fought fight, flew fly, flown fly, froze freeze, frozen freeze, heard hear, laid lay
led lead, meant mean, said say, sang sing, sung sing, spoke speak, spoken speak
stuck stick, struck strike, swore swear, sworn swear, threw throw, thrown throw, told tell, woke wake, withdrew withdraw
withdrawn withdraw, wives wife, knives knife, halves half
`;

/** Verbs that are written with *ise* or *ize*; others, as *advise*, only with *ise*. */
const izing = `apolog author categor character critic custom digit emphas equal final fertil formal general global
immun initial item legal local maxim memor minim mobil modern monet neutral normal optim organ penal personal
prior privat public random real recogn sanit serial social special standard steril subsid summar symbol
synchron token util visual`;

const byForm: ReadonlyMap<string, string> = new Map([
  ...`${twins}${irregular}`.split(/[,\n]/u).flatMap((entry): [string, string][] => {
    const [one, kept] = entry.trim().split(' ');
    return one === undefined || kept === undefined ? [] : [[one, kept]];
  }),
  ...izing
    .split(/\s+/u)
    .flatMap((root) =>
      ['e', 'es', 'ed', 'ing', 'er', 'ers', 'ation', 'ations'].map((end): [string, string] => [
        `${root}is${end}`,
        `${root}iz${end}`,
      ]),
    ),
]);

/** The form of a normalised English word that its stemmer should see. */
export function plainForm(word: string): string {
  return byForm.get(word) ?? word;
}
