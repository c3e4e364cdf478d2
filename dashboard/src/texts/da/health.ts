export default {
  Index: "Indeks",
  Retention: "Opbevaring",
  "Nothing arrived.": "Der ankom intet.",
  "{count} ({rate} a second)": "{count} ({rate} pr. sekund)",
  Newest: "Nyeste",
  "Building: {indexed} of {of} activities": "Bygges: {indexed} af {of} aktiviteter",
  Ready: "Klar",
  Files: "Filer",
  Memory: "Hukommelse",
  Holds: "Fastholdelser",
  "Last run": "Seneste kørsel",
  "None since the start": "Ingen siden start",
};
