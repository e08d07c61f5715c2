/** As `shopWords`: travel, health, money, learning, authorities, and words of every day. */
export const everydayWords = `
start begin
commence start begin
duration length time
lifespan durability last
deadline time_limit last_date due
expire run_out valid expiry
expiry expire validity valid
validity valid expire
valid validity expire
limit maximum cap
maximum limit most
minimum least lowest
allow permit let
permit allow licence
permitted allowed
allowed permitted
forbidden prohibited not_allowed
prohibited forbidden not_allowed
ban prohibit forbid
eligible entitled qualify
entitled eligible qualify
qualify eligible entitled
requirement condition need
requirements conditions criteria
conditions terms requirements rules
terms conditions
rule policy regulation
policy rules
require need
needed required necessary
necessary required needed
mandatory required compulsory obligatory
compulsory mandatory required
obligatory mandatory required
optional voluntary
choose select pick
select choose
pick choose select
option choice possibility
choice option selection
receive get obtain
obtain get receive
fetch collect get
supply provide deliver
provide offer give
display show screen
locate find location
search find
store keep
retain keep store
use usage
utilize use
create make
manufacture make produce made
manufactured made produced
made manufactured produced
origin made_in come_from
build construct make
connect connection join
separate apart split
split divide share
move transfer relocate
transfer move
relocate move
avoid prevent
prevent avoid protect
happen occur
occur happen
explain describe
kind type sort
type kind
variety type kind
difference differ compare
compare difference comparison
similar like
nearest closest near
closest nearest near
close_by near nearby
nearby near close
location address place where
address location
directions way route
arrive arrival come
departure leave depart
journey trip travel
trip journey tour travel
trek hike walk
hike walk trek
walk hike
holiday vacation
vacation holiday leave
public_holiday bank_holiday
bank_holiday public_holiday
book reserve reservation booking
reserve book reservation
booking reservation book
reservation booking reserve
appointment booking date
accommodation hotel room lodging stay
room accommodation
hotel accommodation
guest visitor
flight plane
airplane plane flight
plane flight aircraft
luggage baggage bags
baggage luggage
suitcase luggage bag
car vehicle automobile
automobile car vehicle
vehicle car
bike bicycle
bicycle bike cycle
parking park car_park
petrol gas fuel
gasoline petrol gas fuel
fuel petrol gas
bus coach
train rail railway
subway underground metro
doctor physician gp
physician doctor
hospital clinic
clinic hospital
medicine drug medication
medication medicine drug
drug medicine medication
prescription medicine
illness disease sickness
disease illness
sick ill
ill sick
pregnant pregnancy
vaccine vaccination jab shot
vaccination vaccine jab
jab vaccine vaccination
injection shot jab
symptom sign
contagious infectious
infectious contagious
mask face_covering
disabled disability accessible
wheelchair accessible disabled
accessible accessibility wheelchair
elderly old senior
senior elderly older
pensioner senior retired
retire retirement pension
pension retirement
child kid children
kid child
kids children child
baby infant
infant baby child
teenager youth young
youth young
adult grown-up
parent mother father
dog pet animal
pet dog animal
cat pet animal
animal pet
food meal eat
meal food eat
drink beverage
vegetarian meat-free vegan
insurance insured cover
insured insurance covered
claim application
include contain cover
included contained inclusive
contain include
bank financial_institution
loan credit
mortgage home_loan
transfer send
benefit allowance
allowance benefit
grant funding
funding grant money
scholarship grant
student pupil learner
pupil student
learner student
teacher instructor tutor
instructor teacher guide
course class training lesson
lesson course class
training course
workshop course class
school college
university college
exam test examination
examination exam test
certificate certification diploma
citizen resident
resident citizen
nationality citizenship
passport identity_document id
id identity_card identification
identification id identity_card
visa permit
licence license permit
license licence permit
lawyer attorney solicitor
attorney lawyer
law legal act
veteran ex-soldier
soldier military
army military
police officer
emergency urgent
urgent emergency
danger dangerous hazard
dangerous unsafe hazardous
hazardous dangerous
accident incident
injury injured hurt
injured injury hurt
dead death died
die death
burial funeral
environment environmental sustainable
sustainable sustainability environment
sustainability sustainable environment
eco-friendly sustainable environment
recycle recycling dispose
dispose throw_away recycle disposal
throw_away dispose
rubbish waste garbage trash
garbage waste rubbish
trash waste rubbish
organic bio
weight weigh heavy
weigh weight
heavy weight
height tall high
tall height high
width wide
wide width
length long
depth deep
temperature degrees
aeroplane plane
autumn fall
apartment flat
elevator lift
torch flashlight
flashlight torch headlamp
tap faucet
bin dustbin
queue line
mobile_phone phone cell_phone
postcode zip_code postal_code
zip_code postcode postal_code
`;
