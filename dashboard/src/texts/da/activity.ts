export default {
  "{count} time": "{count} gang",
  "{count} times": "{count} gange",
};
