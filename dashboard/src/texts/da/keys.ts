export default {
  "New key": "Ny nøgle",
  "There are no API keys.": "Der er ingen API-nøgler.",
  Writer: "Skriver",
  "Writes activities and names users. It reads nothing.":
    "Skriver aktiviteter og navngiver brugere. Den læser intet.",
  Viewer: "Læser",
  "Reads the log: lists, streams, exports and reports.":
    "Læser loggen: lister, strømme, eksporter og rapporter.",
  Auditor: "Revisor",
  "Reads the log, and who has access. It changes nothing.":
    "Læser loggen og hvem der har adgang. Den ændrer intet.",
  "Admin|role": "Administrator",
  "May do everything, and make and revoke keys.": "Må alt, også oprette og tilbagekalde nøgler.",
  "A year": "Et år",
  Never: "Aldrig",
  "90 days": "90 dage",
  writer: "skriver",
  viewer: "læser",
  auditor: "revisor",
  Created: "Oprettet",
  "Last used": "Sidst brugt",
  Expires: "Udløber",
  never: "aldrig",
  "Revoke {name}": "Tilbagekald {name}",
  Revoke: "Tilbagekald",
  expired: "udløbet",
  "billing service": "faktureringstjeneste",
  "The only tenant that the key writes and reads. Empty: all of them.":
    "Den eneste lejer, som nøglen skriver og læser. Tomt: alle.",
  "A key that is lost or forgotten then opens this log for ever.":
    "En mistet eller glemt nøgle åbner så loggen for altid.",
  "No key was made: {reason}": "Der blev ikke oprettet en nøgle: {reason}",
  "Make the key": "Opret nøglen",
  "Your new key": "Din nye nøgle",
  "Copy the key now. It is shown this once, and the server keeps only a hash of it.":
    "Kopiér nøglen nu. Den vises kun denne ene gang, og serveren gemmer kun en hash af den.",
  Key: "Nøgle",
  "Revoke a key": "Tilbagekald en nøgle",
  "The key {name} opens nothing any more, from this moment on. Sessions that it has opened end, too.":
    "Nøglen {name} åbner ikke længere noget fra dette øjeblik. Sessioner, som den har åbnet, slutter også.",
  "This cannot be undone. An application that still uses it needs a new key.":
    "Det kan ikke fortrydes. Et program, der stadig bruger den, skal have en ny nøgle.",
};
