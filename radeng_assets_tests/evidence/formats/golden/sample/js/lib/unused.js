module.exports = function unused (value) {
  if (value) return 1
  return 2
}
