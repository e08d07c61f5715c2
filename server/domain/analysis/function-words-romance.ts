/** Function words of the Romance languages, separated by spaces. */
export const romanceWords: Readonly<Record<string, string>> = {
  es: `el la los las lo un una unos unas este esta estos estas ese esa esos esas aquel aquella aquellos aquellas esto
    eso aquello y e o u pero sino ni que si como cuando donde porque pues aunque mientras de del a al en con sin por
    para sobre bajo entre hacia hasta desde durante según contra tras ante yo me mi mis mí tú te ti tu tus usted
    ustedes él ella ello ellos ellas le les se nos nosotros nosotras nuestro nuestra nuestros nuestras vosotros os
    vuestro su sus suyo suya qué quién quiénes quien quienes cuál cuáles cual cuales cuándo dónde adónde cómo cuánto
    cuánta cuántos cuántas por soy eres es somos son era eran fue fueron ser sido siendo estoy está están estaba
    estaban estar estado he has ha hemos han había habían haber hay hubo tengo tiene tienen tener tenía puede puedo
    pueden podía poder podría debe deben deber debo no sí ya muy más menos también tampoco solo sólo todo toda todos
    todas otro otra otros otras algún alguna algo alguien nada nadie ningún ninguna cada mucho mucha muchos muchas poco
    aquí allí así hace hacer`,
  fr: `le la les l un une des du de d au aux ce cet cette ces ceci cela ça c et ou mais ni car donc or que qu si comme
    quand lorsque puisque parce afin à en dans sur sous par pour avec sans entre vers chez contre depuis pendant avant
    après jusque jusqu dès je j me m moi mon ma mes tu te t toi ton ta tes il elle on nous notre nos vous votre vos ils
    elles eux lui leur leurs se s soi son sa ses y qui quoi dont où quel quelle quels quelles lequel laquelle lesquels
    lesquelles comment combien pourquoi est suis es sommes êtes sont était étaient été être étant sera seront serait ai
    as a avons avez ont avait avaient avoir eu aura aurait peut peux pouvez peuvent pouvoir pourrait puis dois doit
    doivent devoir fait faire faut veux veut ne n pas non oui plus moins très aussi tout toute tous toutes autre autres
    même mêmes quelque quelques aucun aucune chaque beaucoup peu rien personne ici là n`,
  it: `il lo la i gli le l un uno una questo questa questi queste quello quella quelli quelle ciò e ed o od ma né che se
    come quando dove perché poiché mentre anche benché di del dello della dei degli delle a al allo alla ai agli alle
    da dal dallo dalla dai dagli dalle in nel nello nella nei negli nelle con col su sul sullo sulla sui sugli sulle
    per tra fra senza sotto sopra dopo prima durante contro verso io me mi mio mia miei mie tu te ti tuo tua tuoi tue
    lui lei egli ella esso essa noi ci nostro nostra nostri nostre voi vi vostro vostra loro si suo sua suoi sue ne chi
    cosa quale quali quanto quanta quanti quante sono sei è siamo siete era erano stato stata stati essere sia ho hai
    ha abbiamo avete hanno aveva avevano avere può posso puoi possono potere potrebbe devo deve devono dovere faccio fa
    fare vuole voglio non no sì già molto molti molta molte più meno solo tutto tutta tutti tutte altro altra altri
    altre ogni qualche alcuni alcune niente nulla nessuno qui lì così`,
  pt: `o a os as um uma uns umas este esta estes estas esse essa esses essas aquele aquela isto isso aquilo e ou mas nem
    que se como quando onde porque pois embora enquanto de do da dos das dum duma ao à aos às em no na nos nas num numa
    com sem por pelo pela pelos pelas para sobre sob entre até desde durante contra após ante eu me mim meu minha meus
    minhas tu te ti teu tua você vocês ele ela eles elas lhe lhes se si nós nosso nossa nossos nossas vos seu sua seus
    suas quem qual quais quanto quanta quantos quantas porquê sou és é somos são era eram foi foram ser sido estou está
    estão estava estavam estar tenho tem têm tinha tinham ter há havia haver pode posso podem podia poder poderia devo
    deve devem dever faço faz fazer não sim já muito muita muitos muitas mais menos também só todo toda todos todas
    outro outra outros outras algum alguma algo nada nenhum nenhuma cada aqui ali assim`,
  ro: `un o unei unui unor al a ai ale lui acest această acești aceste acel acea acei acele asta și sau dar ci nici că
    să dacă ca cum când unde pentru fiindcă deși de din la în într întru pe cu fără prin spre către între sub peste
    după înainte până contra eu mă mie îmi mi meu mea mei mele tu te tine îți ți tău ta el ea îl o lui îi i ei noi ne
    nostru noastră voi vă vostru ele lor le se sine își său sa săi sale cine ce care cui cât câtă câți câte sunt ești
    este e suntem era erau fost fi fie am ai are avem aveți au avea poate pot putea trebuie voi va vor vom nu da mai
    foarte tot toată toți toate alt altă alți alte fiecare orice ceva nimic nimeni aici acolo așa`,
  ca: `el la els les l un una uns unes aquest aquesta aquests aquestes aquell aquella això allò i o però ni que si com
    quan on perquè de del d dels a al als en amb sense per pel pels sobre entre fins des contra jo em m meu meva tu et
    t teu teva ell ella ells elles li els es s seu seva nosaltres ens nostre vosaltres us vostre qui què quin quina
    quins quines quant quanta sóc ets és som són era ser estat està estan he has ha hem han haver té tenir pot poder
    deu no sí ja molt més menys també tot tota tots totes altre altra altres cada`,
};
