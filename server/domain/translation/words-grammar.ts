/**
 * How questions are put, by hand: English, then German, French, Spanish, Italian, Portuguese, Dutch. Several words
 * for one stand side by side, an underscore joins the words of a phrase, a dash stands where a language has none.
 */
export const grammarWords = `
how_long | wie_lange | combien_de_temps pendant_combien | cuánto_tiempo cuánto_tarda cuánto_dura | quanto_tempo quanto_dura quanto_ci_vuole | quanto_tempo quanto_demora | hoe_lang hoelang
how_much | wie_viel wieviel | combien | cuánto cuánta | quanto quanta | quanto quanta | hoeveel
how_much_cost | wie_teuer was_kostet was_kosten | combien_coûte combien_coûtent quel_prix | cuánto_cuesta cuánto_cuestan cuánto_vale | quanto_costa quanto_costano | quanto_custa quanto_custam | wat_kost wat_kosten hoe_duur
how_many | wie_viele | combien_de combien_d | cuántos cuántas | quanti quante | quantos quantas | hoeveel
how_often | wie_oft | combien_de_fois | cuántas_veces con_qué_frecuencia | quante_volte ogni_quanto | quantas_vezes com_que_frequência | hoe_vaak
how | wie | comment | cómo | come | como | hoe
when | wann | quand à_quelle_heure | cuándo a_qué_hora | quando a_che_ora | quando a_que_horas | wanneer hoe_laat
until_when | bis_wann | jusqu_à_quand | hasta_cuándo | fino_a_quando | até_quando | tot_wanneer
where | wo woher wohin | où | dónde adónde | dove | onde | waar waarheen
why | warum weshalb wieso | pourquoi | por_qué | perché | por_que porquê | waarom
who | wer wen wem | qui | quién quiénes | chi | quem | wie
what | was | que quoi qu_est_ce | qué | cosa che_cosa | que | wat
which | welche welcher welches welchen welchem | quel quelle quels quelles | cuál cuáles | quale quali | qual quais | welke welk
can_i | kann_ich darf_ich könnte_ich | puis_je est_ce_que_je_peux je_peux peut_on on_peut | puedo se_puede podría | posso si_può potrei | posso pode_se é_possível | kan_ik mag_ik
can_you | können_sie kannst_du könnt_ihr | pouvez_vous | pueden podéis puede | potete può | podem pode | kunnen_jullie kunt_u
is_there | gibt_es gibt | y_a_t_il il_y_a existe_t_il | hay existe | c_è ci_sono esiste | há existe tem | is_er zijn_er
do_you_have | haben_sie habt_ihr hast_du | avez_vous | tienen tenéis tiene | avete ha | têm tem_vocês vocês_têm | hebben_jullie heeft_u
must | muss müssen | dois faut_il doit | debo tengo_que hay_que | devo bisogna deve | devo tenho_de preciso_de | moet moeten
without | ohne | sans | sin | senza | sem | zonder
with | mit | avec | con | con | com | met
not | nicht kein keine keinen | pas | no | non | não | niet geen
before | vor vorher bevor | avant | antes | prima | antes | voor voordat
after | nachher nachdem | après | después | dopo | depois | na nadat
between | zwischen | entre | entre | tra fra | entre | tussen
`;
