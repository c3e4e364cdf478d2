/** The titles and descriptions of the rules that Livetrail comes with, in German. */
import type da from "../da/rules";
import type { Same } from "../same";

export default {
  "Some failed sign-ins of one user from one address in a day":
    "Einige fehlgeschlagene Anmeldungen eines Benutzers von einer Adresse an einem Tag",
  "Often a forgotten password. It is a trace for those who look for slow attacks.":
    "Oft ein vergessenes Passwort. Es ist eine Spur für alle, die nach langsamen Angriffen suchen.",
  "Many failed sign-ins of one user": "Viele fehlgeschlagene Anmeldungen eines Benutzers",
  "The password of this user is being guessed, or a program uses an old one.":
    "Jemand errät das Passwort dieses Benutzers, oder ein Programm verwendet ein altes.",
  "Many failed sign-ins of one user, then a successful one":
    "Viele fehlgeschlagene Anmeldungen eines Benutzers, dann eine erfolgreiche",
  "The password of this user may have been guessed. End the sessions of the user, and ask for a new password.":
    "Das Passwort dieses Benutzers wurde vielleicht erraten. Beenden Sie seine Sitzungen, und verlangen Sie ein neues Passwort.",
  "A large part of the log was exported": "Ein großer Teil des Protokolls wurde exportiert",
  "One export had 10,000 activities or more. Ask the user whether it was meant.":
    "Ein Export hatte 10.000 Aktivitäten oder mehr. Fragen Sie den Benutzer, ob das beabsichtigt war.",
  "Access to Livetrail or its settings were changed":
    "Der Zugang zu Livetrail oder seine Einstellungen wurden geändert",
  "A key or an admin of Livetrail was created, its settings were changed (rules, legal holds), or the data of a user were erased. Links to sign in with, the directory of users and runs of the retention do not count.":
    "Ein Schlüssel oder ein Administrator von Livetrail wurde angelegt, Einstellungen wurden geändert (Regeln, rechtliche Sperren), oder die Daten eines Benutzers wurden gelöscht. Anmeldelinks, das Benutzerverzeichnis und Läufe der Aufbewahrung zählen nicht.",
  "An admin was created, or the role of one was changed":
    "Ein Administrator wurde angelegt, oder die Rolle eines Administrators wurde geändert",
  "Check that the change was intended. Admins of Livetrail have a rule of their own.":
    "Prüfen Sie, ob die Änderung beabsichtigt war. Administratoren von Livetrail haben eine eigene Regel.",
  "The password of another user was reset": "Das Passwort eines anderen Benutzers wurde zurückgesetzt",
  "Support does this when a user asks for it. An attacker does it to take an account over.":
    "Der Support tut das, wenn ein Benutzer darum bittet. Ein Angreifer tut es, um ein Konto zu übernehmen.",
  "Failed sign-ins of many users from one address":
    "Fehlgeschlagene Anmeldungen vieler Benutzer von einer Adresse",
  "One address tries the passwords of many users, a few for each, so that no account is locked.":
    "Eine Adresse probiert die Passwörter vieler Benutzer, je wenige, damit kein Konto gesperrt wird.",
  "A second factor was switched off": "Ein zweiter Faktor wurde abgeschaltet",
  "An attacker does this after a takeover, to stay. Ask the user.":
    "Ein Angreifer tut das nach einer Übernahme, um zu bleiben. Fragen Sie den Benutzer.",
  "An admin acts from a network that was not seen in the last 30 days":
    "Ein Administrator handelt aus einem Netzwerk, das in den letzten 30 Tagen nicht gesehen wurde",
  "The account may be in other hands. Ask the admin, and end the sessions of the account if it was somebody else.":
    "Das Konto ist vielleicht in anderen Händen. Fragen Sie den Administrator, und beenden Sie die Sitzungen des Kontos, wenn es jemand anderes war.",
  "An admin changes something outside working hours":
    "Ein Administrator ändert etwas außerhalb der Arbeitszeit",
  "Set the hours and the time zone of your team before you switch it on.":
    "Tragen Sie die Arbeitszeit und die Zeitzone Ihres Teams ein, bevor Sie die Regel einschalten.",
  "A user signs in from two places that are too far apart":
    "Ein Benutzer meldet sich von zwei Orten an, die zu weit auseinanderliegen",
  "It needs a GeoIP file of your own. Users of a VPN raise it, too.":
    "Sie braucht eine eigene GeoIP-Datei. Auch Benutzer eines VPN lösen sie aus.",
  "One user deletes much in a short time": "Ein Benutzer löscht viel in kurzer Zeit",
  "An account in other hands, or a program that went wrong. End the sessions of the user, and restore what is missing.":
    "Ein Konto in anderen Händen oder ein Programm mit einem Fehler. Beenden Sie die Sitzungen des Benutzers, und stellen Sie wieder her, was fehlt.",
  "One user exports again and again": "Ein Benutzer exportiert immer wieder",
  "Data may be leaving. Ask the user whether the exports were meant.":
    "Vielleicht fließen Daten ab. Fragen Sie den Benutzer, ob die Exporte beabsichtigt waren.",
  "Half of a user's requests are refused": "Die Hälfte der Anfragen eines Benutzers wird abgelehnt",
  "The user tries what the user may not do, or a role lacks a right.":
    "Der Benutzer versucht, was er nicht darf, oder einer Rolle fehlt ein Recht.",
  "An endpoint that is usually called is not called any more":
    "Ein Endpunkt, der sonst aufgerufen wird, wird nicht mehr aufgerufen",
  "The endpoint may be broken, or a program that calls it may have stopped.":
    "Der Endpunkt ist vielleicht defekt, oder ein Programm, das ihn aufruft, läuft nicht mehr.",
} satisfies Same<typeof da>;
