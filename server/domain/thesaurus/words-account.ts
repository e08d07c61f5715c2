/** As `shopWords`: accounts, devices and software, talking to people, companies and jobs. */
export const accountWords = `
account profile
profile account
login sign_in log_in sign-in
log_in sign_in login
sign_in log_in login
logon login sign_in
log_out sign_out
sign_up register registration create_account join
register sign_up registration enrol
registration sign_up register enrolment
enrol register enroll sign_up
enroll enrol register sign_up
username user_name login
password passcode
passcode password pin code
pin passcode code
reset change restore
forgotten forgot lost
two-factor two-step 2fa authentication verification
2fa two-factor two-step authentication
verification confirmation verify identity
verify confirm check
delete remove erase close
remove delete erase
erase delete remove
deactivate close delete disable cancel
terminate cancel end close
quit cancel leave end
cancel cancellation end stop terminate
cancellation cancel termination
unsubscribe opt_out cancel
subscribe sign_up subscription
subscription plan membership
upgrade change_plan move_up
downgrade change_plan
plan tariff package subscription
trial test_period try
free free_of_charge complimentary no_cost
complimentary free
change edit modify update alter amend
edit change modify update
modify change edit
alter change modify
amend change modify correct
update change renew upgrade
postpone move reschedule delay
reschedule move change postpone
extend extension prolong renew
prolong extend
renew extend renewal
renewal renew extension
settings preferences options configuration
preferences settings options
configure set_up settings configuration
setup set_up install installation configuration
install installation set_up
uninstall remove delete
activate enable turn_on switch_on
enable activate turn_on switch_on
disable deactivate turn_off switch_off
turn_on enable activate switch_on
turn_off disable deactivate switch_off
switch_on turn_on enable
switch_off turn_off disable
download export save
upload import add
import upload
export download
attach upload add attachment
file document attachment
document file form paper
picture photo image
photo picture image
image picture photo
screenshot picture image
app application program software
application app form
software program app application
browser web_browser
website site web_page page
homepage website start_page
link url address
mobile phone cell smartphone
cell_phone mobile phone
smartphone phone mobile
laptop computer notebook
computer pc device
device machine
gadget device
crash freeze stop_working error
freeze hang crash
error fault problem failure
bug error fault problem
glitch error problem
issue problem
trouble problem difficulty
problem issue trouble
malfunction fault failure broken
fail failure error
slow performance speed
speed performance fast
safe secure security
secure safe security
hacked compromised breach security
scam fraud phishing
fraud scam
spam junk
privacy data_protection personal_data
gdpr data_protection privacy
personal_information personal_data privacy
contact reach get_in_touch
reach contact
get_in_touch contact
get_hold_of contact reach
phone telephone call
call phone telephone
ring call phone
email e-mail mail
e-mail email mail
chat message talk
talk speak chat
speak talk
ask request enquire
enquiry question request
inquiry enquiry question request
complain complaint
complaint complain grievance
feedback review comment opinion
review rating feedback
rating review stars
help support assistance
assistance help support
helpdesk support help customer_service
customer_service support service help
support help assistance
human person agent
representative agent person
answer reply response
reply answer response
response answer reply
notify inform message notification
notification message alert
alert notification warning
inform tell notify
company firm business
firm company
business company
boss manager director head
ceo managing_director director manager head
founder founded started
established founded
headquarters head_office office
staff team employees people
employees staff people team
colleague staff team
job position vacancy career
jobs vacancies careers positions
vacancy job position opening
vacancies jobs positions openings
career job vacancy
hiring jobs vacancies recruit
recruit hire jobs
internship placement work_experience trainee
intern trainee internship
apprenticeship apprentice trainee training
apply application
salary pay wage earnings
wage pay salary
`;
