export default {
  "Signing you in…": "Logger dig ind…",
  "Opening the log…": "Åbner loggen…",
  "That is neither a sign-in link nor a token.": "Det er hverken et login-link eller et token.",
  "Sign in to Livetrail": "Log ind på Livetrail",
  "There is no password. Make a one-time sign-in link on the machine that runs the server, and open it here:":
    "Der er ingen adgangskode. Lav et engangslink på den maskine, som serveren kører på, og åbn det her:",
  "Sign-in link or token": "Login-link eller token",
  "Paste it here": "Indsæt det her",
  "Sign in": "Log ind",
  "This sign-in link has been used already or has expired. Make a new one with the command above.":
    "Dette login-link er allerede brugt eller udløbet. Lav et nyt med kommandoen ovenfor.",
  "Signing in failed.": "Det lykkedes ikke at logge ind.",
  "Sign in with single sign-on": "Log ind med single sign-on",
};
