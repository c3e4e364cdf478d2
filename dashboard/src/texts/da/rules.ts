/** The titles and descriptions of the rules that Livetrail comes with, in Danish. */
export default {
  "Some failed sign-ins of one user from one address in a day":
    "Nogle mislykkede logins for én bruger fra én adresse på en dag",
  "Often a forgotten password. It is a trace for those who look for slow attacks.":
    "Ofte en glemt adgangskode. Det er et spor for dem, der leder efter langsomme angreb.",
  "Many failed sign-ins of one user": "Mange mislykkede logins for én bruger",
  "The password of this user is being guessed, or a program uses an old one.":
    "Nogen gætter brugerens adgangskode, eller et program bruger en gammel.",
  "Many failed sign-ins of one user, then a successful one":
    "Mange mislykkede logins for én bruger, derefter et vellykket",
  "The password of this user may have been guessed. End the sessions of the user, and ask for a new password.":
    "Brugerens adgangskode kan være gættet. Afslut brugerens sessioner, og bed om en ny adgangskode.",
  "A large part of the log was exported": "En stor del af loggen blev eksporteret",
  "One export had 10,000 activities or more. Ask the user whether it was meant.":
    "Én eksport havde 10.000 aktiviteter eller flere. Spørg brugeren, om det var meningen.",
  "Access to Livetrail or its settings were changed":
    "Adgangen til Livetrail eller dets indstillinger blev ændret",
  "A key or an admin of Livetrail was created, its settings were changed (rules, legal holds), or the data of a user were erased. Links to sign in with, the directory of users and runs of the retention do not count.":
    "En nøgle eller en administrator i Livetrail blev oprettet, indstillinger blev ændret (regler, juridiske fastholdelser), eller en brugers data blev slettet. Loginlinks, brugerfortegnelsen og kørsler af opbevaringen tæller ikke med.",
  "An admin was created, or the role of one was changed":
    "En administrator blev oprettet, eller en administrators rolle blev ændret",
  "Check that the change was intended. Admins of Livetrail have a rule of their own.":
    "Kontrollér, at ændringen var tilsigtet. Administratorer i Livetrail har deres egen regel.",
  "The password of another user was reset": "En anden brugers adgangskode blev nulstillet",
  "Support does this when a user asks for it. An attacker does it to take an account over.":
    "Support gør det, når en bruger beder om det. En angriber gør det for at overtage en konto.",
  "Failed sign-ins of many users from one address": "Mislykkede logins for mange brugere fra én adresse",
  "One address tries the passwords of many users, a few for each, so that no account is locked.":
    "Én adresse prøver mange brugeres adgangskoder, få for hver, så ingen konto bliver låst.",
  "A second factor was switched off": "En anden faktor blev slået fra",
  "An attacker does this after a takeover, to stay. Ask the user.":
    "En angriber gør det efter en overtagelse for at blive. Spørg brugeren.",
  "An admin acts from a network that was not seen in the last 30 days":
    "En administrator handler fra et netværk, der ikke er set i de seneste 30 dage",
  "The account may be in other hands. Ask the admin, and end the sessions of the account if it was somebody else.":
    "Kontoen kan være i andre hænder. Spørg administratoren, og afslut kontoens sessioner, hvis det var en anden.",
  "An admin changes something outside working hours": "En administrator ændrer noget uden for arbejdstiden",
  "Set the hours and the time zone of your team before you switch it on.":
    "Angiv dit teams arbejdstid og tidszone, før du slår den til.",
  "A user signs in from two places that are too far apart":
    "En bruger logger ind fra to steder, der ligger for langt fra hinanden",
  "It needs a GeoIP file of your own. Users of a VPN raise it, too.":
    "Den kræver din egen GeoIP-fil. Brugere af en VPN udløser den også.",
  "One user deletes much in a short time": "Én bruger sletter meget på kort tid",
  "An account in other hands, or a program that went wrong. End the sessions of the user, and restore what is missing.":
    "En konto i andre hænder eller et program, der fejlede. Afslut brugerens sessioner, og gendan det, der mangler.",
  "One user exports again and again": "Én bruger eksporterer igen og igen",
  "Data may be leaving. Ask the user whether the exports were meant.":
    "Data kan være på vej ud. Spørg brugeren, om eksporterne var meningen.",
  "Half of a user's requests are refused": "Halvdelen af en brugers forespørgsler afvises",
  "The user tries what the user may not do, or a role lacks a right.":
    "Brugeren prøver noget, som brugeren ikke må, eller en rolle mangler en rettighed.",
  "An endpoint that is usually called is not called any more":
    "Et endpoint, der plejer at blive kaldt, kaldes ikke længere",
  "The endpoint may be broken, or a program that calls it may have stopped.":
    "Endpointet kan være i stykker, eller et program, der kalder det, kan være stoppet.",
};
