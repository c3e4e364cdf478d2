export default {
  "Announce new activity": "Meld ny aktivitet",
  "New activity": "Ny aktivitet",
  "{count} new": "{count} ny",
  "{count} new|many": "{count} nye",
  "{count} new, {failed} failed": "{count} ny, {failed} mislykket",
  "{count} new, {failed} failed|many": "{count} nye, heraf {failed} mislykket",
};
