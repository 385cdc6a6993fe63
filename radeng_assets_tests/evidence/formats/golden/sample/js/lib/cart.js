'use strict'

function total (items) {
  let sum = 0
  for (const item of items) {
    sum += item.price; if (item.gift) { sum += 100 }
  }
  return sum
}

function empty () {
  return []
}

module.exports = { total, empty }
