const assert = require('node:assert')
const { total } = require('./lib/cart')
assert.strictEqual(total([{ price: 1 }, { price: 2 }]), 3)
