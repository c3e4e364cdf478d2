export default {
  "Read anew, {time}": "Læst igen, {time}",
  "The stream could not go on ({reason}). These rows are what the server has now.":
    "Strømmen kunne ikke fortsætte ({reason}). Disse rækker er, hvad serveren har nu.",
  "the server gave no reason": "serveren gav ingen grund",
  "{count} newer": "{count} nyere",
  "{count} newer|many": "{count} nyere",
  "The server was updated.": "Serveren er blevet opdateret.",
  Reload: "Genindlæs",
  "Not live": "Ikke live",
  "There is no list that new activities could join.":
    "Der er ingen liste, som nye aktiviteter kan komme ind i.",
  Offline: "Offline",
  "This device has no network. The stream resumes where it stopped.":
    "Enheden har intet netværk. Strømmen fortsætter, hvor den stoppede.",
  "Catching up": "Indhenter",
  "The stream brings what happened while it was away.": "Strømmen henter, hvad der skete, mens den var væk.",
  "The stream broke off. It resumes where it stopped; nothing is missed.":
    "Strømmen blev afbrudt. Den fortsætter, hvor den stoppede; intet går tabt.",
  "Reconnecting in {time}": "Forbinder igen om {time}",
  Reconnecting: "Forbinder igen",
  "Reconnecting…": "Forbinder igen…",
  "Connecting…": "Forbinder…",
  "Opening the live stream. It resumes where it stopped.":
    "Åbner livestrømmen. Den fortsætter, hvor den stoppede.",
  "No answer for {time}": "Intet svar i {time}",
  "No answer": "Intet svar",
  "The server is silent. The page connects anew by itself.":
    "Serveren er tavs. Siden forbinder igen af sig selv.",
  "Past range": "Tidligere tidsrum",
  "The range has ended, so nothing new belongs here.": "Tidsrummet er slut, så intet nyt hører til her.",
  "New activities appear on the first page.": "Nye aktiviteter vises på den første side.",
  "The rows are not in order of time, so new ones wait.":
    "Rækkerne er ikke sorteret efter tid, så nye venter.",
  "Sorted by action": "Sorteret efter handling",
  "Sorted by duration": "Sorteret efter varighed",
  "Sorted by status": "Sorteret efter status",
  "Oldest first": "Ældste først",
  "New activities belong at the end of the list.": "Nye aktiviteter hører til sidst på listen.",
  "New activities wait until you resume.": "Nye aktiviteter venter, til du fortsætter.",
  "New activities wait while you read, point at, select or scroll the rows.":
    "Nye aktiviteter venter, mens du læser, peger på, markerer eller ruller i rækkerne.",
  Paused: "På pause",
  Held: "Holdt",
  Live: "Live",
  "New activities appear as they happen: rate and delay of the last 10 seconds.":
    "Nye aktiviteter vises, når de sker: hyppighed og forsinkelse i de seneste 10 sekunder.",
};
