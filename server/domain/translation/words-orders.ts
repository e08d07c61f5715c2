/** What is ordered, paid, sent and given back: columns as in `grammarWords`. */
export const orderWords = `
order | bestellung auftrag | commande | pedido orden | ordine | pedido encomenda | bestelling
order | bestellen bestelle bestellt | commander commandé | pedir ordenar encargar | ordinare ordinato | encomendar encomendei | bestellen besteld
cancel | stornieren storniere stornierung abbestellen | annuler annulation | cancelar anular cancelación | annullare cancellare disdire annullamento | cancelar anular cancelamento | annuleren annulering opzeggen
cancel terminate | kündigen kündigung | résilier résiliation | rescindir | disdetta recedere | rescindir | opzeggen
change | ändern ändere änderung wechseln | changer modifier changement modification | cambiar modificar cambio | cambiare modificare modifica | mudar alterar alteração | wijzigen veranderen wijziging
delivery shipping | lieferung versand zustellung | livraison expédition | entrega envío | consegna spedizione | entrega envio | levering verzending bezorging
deliver ship | liefern liefert verschicken versenden zustellen | livrer livrez expédier | entregar enviar enviáis envían | consegnare spedire consegnate spedite | entregar enviar enviam entregam | leveren bezorgen verzenden
delivery_costs shipping_cost | versandkosten lieferkosten porto | frais_de_port frais_de_livraison | gastos_de_envío costes_de_envío | spese_di_spedizione costi_di_spedizione | portes custos_de_envio | verzendkosten bezorgkosten
delivery_time | lieferzeit versanddauer | délai_de_livraison | plazo_de_entrega tiempo_de_entrega | tempi_di_consegna tempo_di_consegna | prazo_de_entrega | levertijd
express | express eilversand | express | exprés urgente | espressa espresso | expresso | express spoed
standard | standard normal | standard normale | estándar normal | standard normale | padrão normal | standaard normaal
parcel package | paket päckchen sendung | colis paquet | paquete | pacco | encomenda pacote | pakket pakje
letter | brief | lettre | carta | lettera | carta | brief
carrier | paketdienst spediteur zusteller | transporteur | transportista mensajería | corriere | transportadora | vervoerder
track tracking | verfolgen sendungsverfolgung nachverfolgen | suivre suivi | seguir seguimiento rastrear | tracciare tracciamento seguire | rastrear rastreio seguir | volgen track
arrive | ankommen angekommen kommt_an ankunft | arriver arrive arrivé | llegar llega llegado | arrivare arriva arrivato | chegar chega chegou | aankomen aangekomen
receive get | erhalten bekommen bekomme | recevoir reçu reçois | recibir recibo recibido | ricevere ricevuto | receber recebo recebi | ontvangen krijgen krijg
send | schicken senden schicke | envoyer envoie | enviar mandar | inviare mandare | enviar mandar | sturen opsturen
lost | verloren verschwunden | perdu | perdido | perso smarrito | perdido | verloren kwijt
missing | fehlt fehlen fehlend | manque manquant | falta faltan | manca mancante | falta faltando | ontbreekt ontbreken
damaged broken | beschädigt kaputt defekt zerbrochen | endommagé cassé abîmé | dañado roto estropeado | danneggiato rotto | danificado partido quebrado | beschadigd kapot stuk
wrong | falsch falsche falschen | mauvais erroné | equivocado incorrecto | sbagliato errato | errado | verkeerd fout
return | rücksendung retoure rückgabe | retour | devolución | reso restituzione | devolução | retour retourzending
return | zurückgeben zurückschicken zurücksenden retournieren | retourner renvoyer rendre | devolver | restituire rendere rispedire | devolver | terugsturen retourneren teruggeven
refund | erstattung rückerstattung erstatten | remboursement rembourser remboursé | reembolso reembolsar | rimborso rimborsare | reembolso reembolsar | terugbetaling terugbetalen
exchange | umtausch umtauschen tauschen | échange échanger | cambio canje cambiar | cambio cambiare sostituire | troca trocar | ruilen omruilen
money | geld | argent | dinero | soldi denaro | dinheiro | geld
pay | zahlen bezahlen zahle | payer paie | pagar pago | pagare pago | pagar pago | betalen betaal
payment | zahlung bezahlung | paiement | pago | pagamento | pagamento | betaling
payment_method | zahlungsart zahlungsmethode zahlungsweise | moyen_de_paiement mode_de_paiement moyens_de_paiement | método_de_pago forma_de_pago métodos_de_pago formas_de_pago | metodo_di_pagamento metodi_di_pagamento | método_de_pagamento métodos_de_pagamento | betaalmethode betaalmethoden betaalwijze
price | preis preise | prix tarif | precio | prezzo | preço | prijs prijzen
cost | kosten kostet | coûter coûte coût frais | costar cuesta coste costo | costare costa costo | custar custa custo | kosten kost
fee charge | gebühr gebühren | frais | tarifa comisión recargo | tariffa commissione spese | taxa tarifa | kosten toeslag
free | kostenlos gratis umsonst kostenfrei | gratuit gratuite gratuitement | gratis gratuito gratuita | gratis gratuito gratuita | grátis gratuito gratuita | gratis kosteloos
free_delivery | versandkostenfrei | livraison_gratuite | envío_gratis envío_gratuito | spedizione_gratuita | envio_grátis portes_grátis | gratis_verzending
discount | rabatt ermäßigung nachlass | réduction remise rabais | descuento | sconto | desconto | korting
voucher code coupon | gutschein gutscheincode | bon_d_achat bon code_promo | vale cupón | buono codice_sconto | vale cupão cupom | waardebon kortingscode
gift_card | geschenkkarte geschenkgutschein | carte_cadeau chèque_cadeau | tarjeta_regalo tarjeta_de_regalo | carta_regalo buono_regalo | cartão_presente vale_presente | cadeaukaart cadeaubon
gift present | geschenk geschenke | cadeau | regalo | regalo | presente prenda | cadeau geschenk
card | karte | carte | tarjeta | carta tessera | cartão | kaart
credit_card | kreditkarte | carte_de_crédit carte_bancaire | tarjeta_de_crédito | carta_di_credito | cartão_de_crédito | creditcard
debit_card | debitkarte girokarte | carte_de_débit | tarjeta_de_débito | carta_di_debito bancomat | cartão_de_débito | pinpas betaalpas
bank_transfer | überweisung überweisen banküberweisung | virement virement_bancaire | transferencia transferencia_bancaria | bonifico bonifico_bancario | transferência_bancária | overschrijving overmaken
cash | bargeld bar | espèces liquide | efectivo | contanti | dinheiro_vivo numerário | contant
instalments | raten ratenzahlung | plusieurs_fois mensualités | plazos cuotas | rate | prestações parcelas | termijnen
invoice | rechnung rechnungen | facture factures | factura facturas | fattura fatture | fatura faturas | factuur rekening
receipt | quittung kassenbon beleg | reçu ticket_de_caisse | recibo ticket | ricevuta scontrino | recibo talão | bon kassabon
tax | steuer mehrwertsteuer | taxe tva impôt | impuesto iva | tassa iva imposta | imposto iva taxa | belasting btw
customs duties | zoll zollgebühren | douane droits_de_douane | aduana aranceles | dogana dazi | alfândega direitos_aduaneiros | douane invoerrechten
currency | währung | devise monnaie | moneda divisa | valuta | moeda | valuta munt
warranty guarantee | garantie gewährleistung | garantie | garantía | garanzia | garantia | garantie
repair | reparatur reparieren | réparation réparer | reparación reparar arreglar | riparazione riparare | reparação reparar conserto | reparatie repareren
replacement replace | ersatz ersetzen | remplacement remplacer | reemplazo reemplazar sustituir | sostituzione sostituire | substituição substituir | vervanging vervangen
stock in_stock | lager vorrätig lieferbar verfügbar | stock disponible | existencias stock disponible | disponibile magazzino | estoque stock disponível | voorraad leverbaar
sale offer | angebot ausverkauf sonderangebot | offre solde promotion | oferta rebaja promoción | offerta saldi promozione | oferta saldos promoção | aanbieding uitverkoop
item product | artikel produkt ware | article produit | artículo producto | articolo prodotto | artigo produto | artikel product
basket cart | warenkorb | panier | cesta carrito | carrello | carrinho cesto | winkelmandje winkelwagen
shop store | laden geschäft filiale | magasin boutique | tienda | negozio | loja | winkel filiaal
buy purchase | kaufen kauf | acheter achat | comprar compra | comprare acquistare acquisto | comprar compra | kopen aankoop
sell | verkaufen | vendre vendez | vender venden | vendere vendete | vender vendem | verkopen
rent | mieten miete leihen ausleihen verleih | louer location | alquilar alquiler | noleggiare noleggio affittare | alugar aluguer aluguel | huren verhuur
deposit | kaution anzahlung | caution acompte | fianza depósito | cauzione deposito | caução depósito | borg aanbetaling
pick_up collect | abholen abholung | retirer retrait récupérer | recoger recogida | ritirare ritiro | levantar recolher | ophalen afhalen
customer | kunde kunden kundin | client clients cliente | cliente clientes | cliente clienti | cliente clientes | klant klanten
abroad | ausland | étranger | extranjero | estero | estrangeiro exterior | buitenland
`;
