// Asks veraPDF about each file given, as PDF/A-3a and as PDF/UA-1: one line of JSON for each.
// Run by the JavaScript engine that lies in the same jar (tests/judges.py).
var Flavour = Packages.org.verapdf.pdfa.flavours.PDFAFlavour;
Packages.org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
var foundry = Packages.org.verapdf.pdfa.Foundries.defaultInstance();

function brokenRules(path, profile) {
  var flavour = Flavour.byFlavourId(profile);
  var stream = new java.io.FileInputStream(path);
  try {
    var parser = foundry.createParser(stream, flavour);
    var result = foundry.createValidator(flavour, false).validate(parser);
    var rules = [];
    for (var each = result.getFailedChecks().keySet().iterator(); each.hasNext();) {
      var rule = each.next();
      rules.push(rule.getClause() + "-" + rule.getTestNumber());
    }
    // A file that breaks no rule and is not compliant must never look clean.
    if (!result.isCompliant() && !rules.length) rules.push("not compliant");
    parser.close();
    return rules;
  } catch (failure) {
    return ["unreadable: " + failure];
  } finally {
    stream.close();
  }
}

for (var place = 0; place < arguments.length; place++) {
  var path = arguments[place];
  print(JSON.stringify({ file: path, "3a": brokenRules(path, "3a"), ua1: brokenRules(path, "ua1") }));
}
