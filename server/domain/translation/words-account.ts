/** Accounts, contact, data and technical things: columns as in `grammarWords`. */
export const accountWords = `
account | konto kundenkonto benutzerkonto | compte | cuenta | account conto profilo | conta | account rekening
password | passwort kennwort | mot_de_passe | contraseña | password | senha palavra_passe | wachtwoord
forgot forgotten | vergessen | oublié oublier | olvidé olvidado olvidar | dimenticato dimenticare | esqueci esquecido | vergeten
reset | zurücksetzen | réinitialiser | restablecer | reimpostare ripristinare | redefinir repor | resetten herstellen
sign_in log_in | anmelden einloggen anmeldung | connecter connexion identifier | iniciar_sesión entrar | accedere accesso | iniciar_sessão entrar | inloggen aanmelden
sign_up register | registrieren registrierung | inscrire inscription | registrarse registro registrar | registrarsi registrazione iscriversi | registar registrar registo | registreren
open create | öffnen eröffnen anlegen erstellen | ouvrir créer | abrir crear | aprire creare | abrir criar | openen aanmaken
close | schließen | fermer | cerrar | chiudere | fechar encerrar | sluiten
delete | löschen lösche gelöscht | supprimer effacer | borrar eliminar | cancellare eliminare | apagar eliminar excluir | verwijderen wissen
locked blocked | gesperrt | bloqué verrouillé | bloqueado | bloccato | bloqueado | geblokkeerd vergrendeld
user | nutzer benutzer | utilisateur | usuario | utente | utilizador usuário | gebruiker
name | name namen | nom | nombre | nome | nome | naam
e-mail email | mail e_mail emailadresse | courriel mail e_mail | correo correo_electrónico | e_mail posta_elettronica | e_mail correio_eletrónico | e_mail mailadres
address | adresse anschrift | adresse | dirección | indirizzo | endereço morada | adres
phone telephone | telefon handy anrufen | téléphone appeler | teléfono llamar | telefono chiamare telefonare | telefone ligar telefonar | telefoon bellen
phone_number | telefonnummer | numéro_de_téléphone | número_de_teléfono | numero_di_telefono | número_de_telefone | telefoonnummer
number | nummer zahl | numéro nombre | número | numero | número | nummer aantal
contact | kontakt kontaktieren erreichen | contact contacter joindre | contacto contactar | contatto contattare | contacto contato contactar | contact bereiken
complaint | beschwerde reklamation | réclamation plainte | queja reclamación | reclamo lamentela | reclamação queixa | klacht
person human | mensch person mitarbeiter | personne humain conseiller | persona humano agente | persona umano operatore | pessoa humano atendente | persoon mens medewerker
answer reply | antwort antworten | réponse répondre | respuesta responder | risposta rispondere | resposta responder | antwoord antwoorden
message | nachricht | message | mensaje | messaggio | mensagem | bericht
newsletter | newsletter rundbrief | newsletter lettre_d_information | boletín | newsletter | newsletter boletim | nieuwsbrief
unsubscribe | abmelden abbestellen | désabonner désinscrire | darse_de_baja baja | disiscriversi | cancelar_subscrição | afmelden uitschrijven
subscription | abo abonnement | abonnement | suscripción | abbonamento | subscrição assinatura | abonnement
plan | tarif plan | forfait formule | plan | piano | plano | pakket abonnement
membership member | mitgliedschaft mitglied | adhésion membre | miembro socio afiliación | iscrizione membro socio | membro sócio | lidmaatschap lid
points | punkte treuepunkte | points | puntos | punti | pontos | punten
data | daten | données | datos | dati | dados | gegevens data
privacy | datenschutz | confidentialité vie_privée | privacidad | privacy riservatezza | privacidade | privacy
cookies | cookies | cookies témoins | cookies | cookie | cookies | cookies
store keep | speichern aufbewahren behalten | conserver stocker garder | guardar conservar almacenar | conservare memorizzare tenere | guardar conservar armazenar | bewaren opslaan
download | herunterladen download | télécharger | descargar | scaricare | descarregar baixar | downloaden
upload | hochladen | téléverser importer | subir cargar | caricare | carregar enviar | uploaden
install | installieren installation | installer installation | instalar instalación | installare installazione | instalar instalação | installeren installatie
update | aktualisieren aktualisierung | mettre_à_jour mise_à_jour | actualizar actualización | aggiornare aggiornamento | atualizar atualização | bijwerken update
settings | einstellungen | paramètres réglages | ajustes configuración | impostazioni | definições configurações | instellingen
app | app anwendung | application appli | aplicación app | app applicazione | aplicação aplicativo app | app
website site page | webseite website seite | site page | sitio página web | sito pagina | site página | website pagina
error | fehler | erreur | error | errore | erro | fout foutmelding
work | funktioniert funktionieren geht | fonctionne marche | funciona funcionar | funziona funzionare | funciona funcionar | werkt werken
language | sprache | langue | idioma | lingua | idioma língua | taal
file document | datei dokument unterlagen | fichier document | archivo documento | documento | ficheiro arquivo documento | bestand document
form | formular | formulaire | formulario | modulo | formulário | formulier
application apply | antrag bewerbung bewerben beantragen | demande candidature postuler | solicitud solicitar | domanda richiesta candidatura | candidatura pedido candidatar | aanvraag sollicitatie solliciteren
job | stelle arbeit job | emploi travail poste | empleo trabajo | lavoro impiego | emprego trabalho vaga | baan werk vacature
company | firma unternehmen | entreprise société | empresa compañía | azienda ditta società | empresa companhia | bedrijf
identity_card | ausweis personalausweis | carte_d_identité pièce_d_identité | documento_de_identidad dni | carta_d_identità documento | cartão_de_cidadão bilhete_de_identidade | identiteitskaart legitimatie
appointment | termin | rendez_vous | cita | appuntamento | marcação consulta | afspraak
book reserve | buchen reservieren buchung reservierung | réserver réservation | reservar reserva | prenotare prenotazione | reservar reserva marcar | boeken reserveren reservering
insurance | versicherung | assurance | seguro | assicurazione | seguro | verzekering
law legal | gesetz rechtlich | loi légal | ley legal | legge legale | lei legal | wet wettelijk
`;
