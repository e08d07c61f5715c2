/** Times, places, things and what one does with them: columns as in `grammarWords`. */
export const everydayWords = `
day days | tag tage tagen | jour jours | día días | giorno giorni | dia dias | dag dagen
working_day working_days | werktag werktage arbeitstag | jour_ouvré jours_ouvrés | día_laborable días_laborables | giorno_lavorativo giorni_lavorativi | dia_útil dias_úteis | werkdag werkdagen
week | woche wochen | semaine | semana | settimana | semana | week weken
weekend | wochenende | week_end | fin_de_semana | fine_settimana weekend | fim_de_semana | weekend
month | monat monate | mois | mes meses | mese mesi | mês meses | maand maanden
year | jahr jahre | an année ans | año años | anno anni | ano anos | jaar
hour time | stunde stunden uhr | heure heures | hora horas | ora ore | hora horas | uur uren
minute | minute minuten | minute | minuto | minuto | minuto | minuut
today | heute | aujourd_hui | hoy | oggi | hoje | vandaag
tomorrow | morgen | demain | mañana | domani | amanhã | morgen
monday | montag | lundi | lunes | lunedì | segunda_feira | maandag
tuesday | dienstag | mardi | martes | martedì | terça_feira | dinsdag
wednesday | mittwoch | mercredi | miércoles | mercoledì | quarta_feira | woensdag
thursday | donnerstag | jeudi | jueves | giovedì | quinta_feira | donderdag
friday | freitag | vendredi | viernes | venerdì | sexta_feira | vrijdag
saturday | samstag sonnabend samstags | samedi | sábado sábados | sabato | sábado sábados | zaterdag
sunday | sonntag sonntags | dimanche | domingo domingos | domenica | domingo domingos | zondag
holiday public_holiday | feiertag feiertage | jour_férié férié | festivo feriado | giorno_festivo festivo | feriado | feestdag
christmas | weihnachten weihnachts | noël | navidad | natale | natal | kerst kerstmis
summer | sommer | été | verano | estate | verão | zomer
winter | winter | hiver | invierno | inverno | inverno | winter
date | datum | date | fecha | data | data | datum
deadline period | frist zeitraum | délai période | plazo periodo | termine periodo scadenza | prazo período | termijn periode
opening_hours open | öffnungszeiten geöffnet offen | horaires ouvert ouverture | horario abierto abre | orari_di_apertura orario aperto | horário aberto abre | openingstijden open geopend
closed | geschlossen | fermé | cerrado | chiuso | fechado | gesloten
valid | gültig gilt | valable valide | válido válida vale | valido valida | válido válida | geldig
expire | ablaufen verfallen abgelaufen | expirer expire | caducar caduca vencer | scadere scade | expirar expira | verlopen vervallen
begin start | beginnen anfangen beginn | commencer début | empezar comenzar inicio | iniziare cominciare inizio | começar início | beginnen begin
end | enden ende | finir fin terminer | terminar acabar fin | finire fine | terminar acabar fim | eindigen einde
last take | dauern dauert | durer dure prend | durar dura tarda tardar | durare dura | durar dura demora | duren duurt
wait | warten | attendre | esperar | aspettare | esperar | wachten
fast quick | schnell | rapide vite | rápido | veloce rapido | rápido | snel
new | neu neue neuen neues | nouveau nouvelle neuf | nuevo nueva | nuovo nuova | novo nova | nieuw nieuwe
used second-hand | gebraucht gebrauchte gebrauchten | occasion usagé | usado usada segunda_mano | usato usata | usado usada | gebruikt gebruikte tweedehands
old | alt alte alten | vieux vieille ancien | viejo vieja antiguo | vecchio vecchia | velho velha antigo | oud oude
big large | groß große größer | grand grande | grande | grande | grande | groot grote
small | klein kleine | petit petite | pequeño pequeña | piccolo piccola | pequeno pequena | klein kleine
size | größe größen | taille pointure | talla tamaño | taglia misura | tamanho | maat
colour | farbe | couleur | color | colore | cor | kleur
weight | gewicht | poids | peso | peso | peso | gewicht
country | land länder | pays | país países | paese paesi | país países | land landen
city town | stadt ort | ville | ciudad | città | cidade | stad plaats
germany | deutschland | allemagne | alemania | germania | alemanha | duitsland
france | frankreich | france | francia | francia | frança | frankrijk
spain | spanien | espagne | españa | spagna | espanha | spanje
italy | italien | italie | italia | italia | itália | italië
austria | österreich | autriche | austria | austria | áustria | oostenrijk
switzerland | schweiz | suisse | suiza | svizzera | suíça | zwitserland
norway | norwegen | norvège | noruega | norvegia | noruega | noorwegen
netherlands | niederlande | pays_bas | países_bajos holanda | paesi_bassi olanda | países_baixos holanda | nederland
united_kingdom | großbritannien england | royaume_uni angleterre | reino_unido inglaterra | regno_unito inghilterra | reino_unido inglaterra | engeland
europe | europa | europe | europa | europa | europa | europa
european_union | eu | union_européenne ue | unión_europea ue | unione_europea ue | união_europeia ue | eu
island | insel inseln | île | isla islas | isola isole | ilha ilhas | eiland
parking | parkplatz parkplätze parken | parking stationner | aparcamiento aparcar | parcheggio parcheggiare | estacionamento estacionar | parkeren parkeerplaats
dog | hund hunde | chien chiens | perro perros | cane cani | cão cachorro | hond honden
pet animal | haustier tier tiere | animal animaux | mascota animal | animale | animal | huisdier dier
child children | kind kinder kindern | enfant enfants | niño niños | bambino bambini | criança crianças | kind kinderen
student | student studenten studierende schüler | étudiant étudiants | estudiante estudiantes | studente studenti | estudante estudantes | student studenten
family | familie | famille | familia | famiglia | família | familie
neighbour | nachbar nachbarn | voisin | vecino | vicino | vizinho | buurman buren
wheelchair | rollstuhl | fauteuil_roulant | silla_de_ruedas | sedia_a_rotelle | cadeira_de_rodas | rolstoel
doctor | arzt ärztin | médecin docteur | médico | medico dottore | médico | arts dokter
health | gesundheit | santé | salud | salute | saúde | gezondheid
course | kurs kurse | cours stage | curso cursos | corso corsi | curso cursos | cursus
school | schule | école | escuela | scuola | escola | school
shoe shoes | schuh schuhe schuhen | chaussure chaussures | zapato zapatos | scarpa scarpe | sapato sapatos | schoen schoenen
boots | stiefel wanderschuhe wanderstiefel | bottes chaussures_de_randonnée | botas | stivali scarponi | botas | laarzen wandelschoenen
sole | sohle sohlen | semelle | suela suelas | suola suole | sola solas | zool
jacket | jacke jacken | veste blouson | chaqueta | giacca | casaco jaqueta | jas jack
down | daune daunen daunenjacke | duvet | plumón plumas | piumino piuma | penas | dons
trousers | hose hosen | pantalon | pantalón pantalones | pantaloni | calças | broek
shirt | hemd shirt | chemise tee_shirt | camisa camiseta | camicia maglietta | camisa camiseta | hemd shirt
clothes | kleidung kleider | vêtements | ropa | vestiti abbigliamento | roupa | kleding kleren
bag backpack | tasche rucksack | sac sac_à_dos | bolsa mochila | borsa zaino | mala mochila | tas rugzak
tent | zelt zelte | tente tentes | tienda_de_campaña carpa | tenda tende | tenda barraca | tent tenten
sleeping_bag | schlafsack schlafsäcke | sac_de_couchage | saco_de_dormir | sacco_a_pelo | saco_cama saco_de_dormir | slaapzak
bicycle bike | fahrrad rad | vélo bicyclette | bicicleta | bicicletta bici | bicicleta | fiets
car | auto wagen | voiture | coche carro | auto macchina | carro | auto
wash | waschen wasche | laver lavage | lavar | lavare | lavar | wassen
clean | reinigen putzen säubern | nettoyer propre | limpiar limpio | pulire pulito | limpar limpo | schoonmaken reinigen
dry | trocknen trockner | sécher | secar | asciugare | secar | drogen
measure | messen ausmessen | mesurer | medir | misurare | medir | meten opmeten
find | finden finde | trouver trouve | encontrar encuentro | trovare trovo | encontrar encontro | vinden vind
use | benutzen verwenden nutzen einlösen | utiliser | usar utilizar | usare utilizzare | usar utilizar | gebruiken
take_back | zurücknehmen | reprendre | aceptar_de_vuelta | riprendere | aceitar_de_volta | terugnemen
accept | akzeptieren annehmen akzeptiert | accepter acceptez | aceptar aceptan | accettare accettate | aceitar aceitam | accepteren
offer | anbieten bietet bieten | proposer proposez offrir | ofrecer ofrecen | offrire offrite | oferecer oferecem | aanbieden bieden
need | brauchen brauche benötigen | besoin nécessaire | necesitar necesito | bisogno serve necessario | precisar preciso necessário | nodig hebben
help | hilfe helfen | aide aider | ayuda ayudar | aiuto aiutare | ajuda ajudar | hulp helpen
show | zeigen anzeigen | montrer afficher | mostrar | mostrare | mostrar | tonen laten_zien
add | hinzufügen ergänzen | ajouter | añadir agregar | aggiungere | adicionar acrescentar | toevoegen
remove | entfernen | enlever retirer | quitar eliminar | rimuovere togliere | remover | verwijderen
choose | wählen auswählen | choisir | elegir escoger | scegliere | escolher | kiezen
recycling | recycling wiederverwerten | recyclage recycler | reciclaje reciclar | riciclo riciclare | reciclagem reciclar | recycling
material | material | matériau matière | material | materiale | material | materiaal
photo | foto bild | photo image | foto imagen | foto immagine | foto imagem | foto
question | frage fragen | question | pregunta | domanda | pergunta | vraag
problem | problem | problème | problema | problema | problema | probleem
`;
