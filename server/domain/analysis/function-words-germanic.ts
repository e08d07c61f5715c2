/** Function words of the Germanic languages, separated by spaces. */
export const germanicWords: Readonly<Record<string, string>> = {
  en: `a an the this that these those here there and or but nor so yet if then than as because while although though
    unless until since of at by for from with without within about against between into through during before after
    above below to up down in out on off over under again onto upon per via around toward towards across along
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves one ones someone anyone everyone something anything
    what which who whom whose when where why how whether am is are was were be been being do does did doing done
    have has had having will would shall should can could may might must ought cannot ca not no nor only own same
    too very just also ever even still each every any some all both few more most other another such much many
    d ll m o re ve s t don didn doesn isn aren wasn weren won wouldn shouldn couldn can hasn haven hadn im ive id
    let get got gets getting go goes going please`,
  de: `der die das des dem den ein eine eines einem einen einer dieser diese dieses diesem diesen jener jene jenes jenem
    jenen derselbe dieselbe dasselbe und oder aber sondern denn weil dass daß ob wenn als wie während obwohl damit bis
    seit nachdem bevor sowie auch nur noch schon sehr so zu zum zur im in ins am an ans auf aus bei beim mit von vom
    vor für über unter durch gegen ohne um nach neben zwischen wegen trotz statt hinter
    ich mich mir mein meine meiner meinem meinen meines du dich dir dein deine deiner deinem deinen er ihn ihm sein
    seine seiner seinem seinen seines sie ihr ihre ihrer ihrem ihren ihres ihnen es wir uns unser unsere unserer
    unserem unseren euch euer eure man sich selbst wer was wen wem wessen wo wohin woher wann warum weshalb wieso
    wozu welche welcher welches welchem welchen wieviel bin bist ist sind seid war waren wart gewesen werde wirst wird
    werden werdet wurde wurden worden geworden habe hast hat haben habt hatte hatten gehabt kann kannst können könnt
    konnte konnten könnte könnten muss musst müssen müsst musste mussten soll sollst sollen sollte sollten will willst
    wollen wollte darf dürfen mag mögen möchte nicht kein keine keiner keinem keinen keines ja nein doch mal da dann
    hier dort etwas nichts alle alles allem allen aller andere anderer anderen anderes anderem jede jeder jedes jedem
    jeden mehr viel viele bitte gibt es`,
  nl: `de het een deze dit die dat en of maar want dus als dan toen omdat terwijl hoewel of om te in op aan uit van voor
    met zonder bij door naar over onder tussen tegen tot sinds na ik mij me mijn jij je jou jouw u uw hij hem zijn zij
    ze haar wij we ons onze jullie hun hen zich wie wat welke welk waar wanneer waarom hoe hoeveel ben bent is zijn was
    waren geweest wordt worden werd werden geworden heb hebt heeft hebben had hadden gehad kan kunt kunnen kon konden
    zal zult zullen zou zouden moet moeten moest mag mogen wil willen wilt niet geen wel ook nog al er hier daar zo
    heel veel meer meest alle alles iets niets ander andere elk elke ja nee toch`,
  sv: `en ett den det de denna detta dessa och eller men för att om när då eftersom medan så som än i på av till från med
    utan vid genom under över mellan mot efter före innan hos åt jag mig min mitt mina du dig din ditt dina han honom
    hans hon henne hennes vi oss vår vårt våra ni er ert era dem deras sig sin sitt sina man vem vad vilken vilket
    vilka var vart varför hur är var varit vara blir blev bli blivit har hade ha haft kan kunde kunna ska skall skulle
    måste får fick vill ville bör inte ingen inget inga ja nej också bara mycket många mer mest alla allt något någon
    några annan annat andra varje här där nu`,
  da: `en et den det de denne dette disse og eller men for at om når da fordi mens så som end i på af til fra med uden
    ved gennem under over mellem mod efter før hos jeg mig min mit mine du dig din dit dine han ham hans hun hende
    hendes vi os vores i jer jeres dem deres sig sin sit sine man hvem hvad hvilken hvilket hvilke hvor hvornår hvorfor
    hvordan er var været være bliver blev blive blevet har havde have haft kan kunne skal skulle må måtte vil ville bør
    ikke ingen intet ja nej også kun meget mange mere mest alle alt noget nogen nogle anden andet andre hver her der nu`,
  no: `en ei et den det de denne dette disse og eller men for å at om når da fordi mens så som enn i på av til fra med
    uten ved gjennom under over mellom mot etter før hos jeg meg min mitt mine du deg din ditt dine han ham hans hun
    henne hennes vi oss vår vårt våre dere deres dem seg sin sitt sine man hvem hva hvilken hvilket hvilke hvor når
    hvorfor hvordan er var vært være blir ble bli blitt har hadde ha hatt kan kunne skal skulle må måtte vil ville bør
    ikke ingen intet ja nei også bare mye mange mer mest alle alt noe noen annen annet andre hver her der nå`,
};
