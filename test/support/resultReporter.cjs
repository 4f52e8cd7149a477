// Mocha's command line takes a reporter only as the one thing that a module exports.
module.exports = require("./resultReporter.ts").ResultReporter;
