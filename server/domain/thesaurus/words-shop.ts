/**
 * English words that mean the same, or nearly so, to somebody who asks a support desk. A line each: what is asked,
 * then what pages may call it, the nearest first; phrases with underscores. This list: buying, paying, sending,
 * repairing, hiring.
 */
export const shopWords = `
order purchase buy
buy purchase order get
product item article goods merchandise
goods products items articles
catalogue catalog range assortment
price cost charge fee rate tariff
cost price fee charge
fee charge cost price surcharge
fare price ticket cost
expensive dear costly pricey price
cheap cheaper inexpensive affordable low-cost budget price
discount reduction rebate money_off price_reduction offer promotion
offer deal promotion discount special_offer
voucher coupon promo_code discount_code promotional_code code
coupon voucher promo_code code
gift_card gift_voucher gift_certificate voucher
gift present
loyalty reward points bonus member club
reward points bonus loyalty
membership member club subscription
scheme programme program plan
pay payment paid
payment pay transaction
instalments installments pay_monthly monthly_payments pay_in_parts
invoice bill receipt
bill invoice
receipt invoice proof_of_purchase confirmation
refund money_back reimbursement reimburse repay return
reimburse refund pay_back
money_back refund
charge debit bill fee
charged debited billed
tax vat duty
customs duty import
currency money
cash money
card credit_card debit_card
wallet apple_pay google_pay phone_wallet
deposit down_payment security prepayment
basket cart bag trolley
checkout basket cart payment
stock available availability in_stock
unavailable out_of_stock sold_out not_available
preorder pre-order advance_order
parcel package packet shipment box delivery
package parcel packet shipment
box carton package parcel
shipment parcel package delivery consignment
shipping delivery postage dispatch
ship deliver send dispatch post
deliver ship send dispatch
delivery shipping shipment
postage shipping delivery carriage
post mail send ship deliver
mail post send
dispatch ship send
courier carrier delivery_service
carrier courier
track trace follow tracking
abroad overseas foreign international other_countries
overseas abroad international
international abroad worldwide overseas
worldwide international abroad
customs duties import_tax
express next-day fast overnight urgent
fast quick express rapid
pickup collect collection pick_up
collect pick_up pickup collection
missing lost absent
disappear lost missing
vanish lost missing
delay late hold-up
damaged broken defective faulty
broken damaged defective faulty
crushed damaged broken
smashed damaged broken
cracked damaged broken crack
torn damaged ripped tear hole
ripped torn damaged tear
dented damaged dent
faulty defective broken damaged
defective faulty broken damaged
defect fault damage
return send_back give_back bring_back returning
send_back return
give_back return
bring_back return
exchange swap replace change trade
swap exchange replace
replace exchange replacement swap
replacement exchange spare substitute
spare replacement
repair fix mend service
fix repair mend solve
mend repair fix
maintenance service care upkeep
warranty guarantee
guarantee warranty
worn used
used second-hand pre-owned old worn
second-hand used pre-owned trade-in
pre-owned used second-hand
rent hire rental lease
hire rent rental
rental hire rent
lease rent hire
borrow rent hire lend loan
loan lend borrow rental
size sizing fit dimensions measurements
dimensions size measurements
measurements size dimensions
colour color shade
shop store branch outlet
store shop branch
branch store shop office location
outlet store shop
opening_hours opening_times open hours
opening_times opening_hours hours
shut close closed
backpack pack rucksack bag
rucksack backpack pack bag
knapsack backpack pack
jumper sweater pullover
sweater jumper pullover
pullover sweater jumper
sneakers trainers shoes
trainers shoes sneakers
trousers pants
pants trousers
jacket coat
coat jacket
zipper zip
zip zipper
laundry wash washing
wash clean launder
clean wash cleaning
launder wash clean
tumble_dryer dryer tumble_dry tumble
dryer tumble_dry tumble dry
fabric material textile cloth
material fabric
waterproof watertight water-resistant
leak leaking drip
instructions manual guide directions
manual instructions guide handbook
handbook manual guide
assemble set_up put_together assembly
`;
