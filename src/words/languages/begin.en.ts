/** What do the pages say in English that come before there is a bank, and those of its recovery sheet? */

export const BEGIN_EN = {
  'begin.alone': 'Only whoever has this link sees these pages.',
  'begin.title': 'Welcome. What would you like to do?',
  'begin.lead':
    'A time bank keeps count of the hours that people give each other. It will live on this machine.',
  'begin.too_long': 'Use a shorter name',
  'begin.failed':
    'The bank could not be opened. Look at the window in which you started the program: it says why.',

  'begin.new.title': 'Open a new time bank',
  'begin.new.text': 'Four questions, and you can write down the first hour.',
  'begin.new.go': 'Begin',
  'begin.new.lead': 'These two come first. A password and a telephone number follow.',
  'begin.new.make': 'Make the time bank',
  'begin.name': 'What is your time bank called?',
  'begin.name.hint': 'Without the words “Time Bank”. For example: Harbour',
  'begin.name.missing': 'Type the name of your time bank',
  'begin.coordinator': 'What is your own name?',
  'begin.coordinator.hint': 'You will be the first who works at its desk.',
  'begin.coordinator.missing': 'Type your own name',

  'begin.restore.title': 'Bring a time bank back',
  'begin.restore.text': 'You have a copy of its folder, from this machine or another one.',
  'begin.restore.go': 'How it is done',
  'begin.restore.lead': 'The folder of a bank is the whole bank. Putting it back brings everything back.',
  'begin.restore.step_1': 'Close this program, in the window in which you started it.',
  'begin.restore.step_2': 'Copy the whole folder of the bank to this machine.',
  'begin.restore.step_3': 'Start the program again, and name that folder after: commonhour serve --dir',
  'begin.restore.step_4': 'The bank asks its neighbours whether this is its newest copy, and then goes on.',
  'begin.restore.disk':
    'Was the bank on this machine until now? Then its disk may not be connected. Connect it, and start again.',
  'begin.restore.only': 'Never let two copies of one bank run at the same time.',

  'begin.look.title': 'Look around first',
  'begin.look.text': 'Three time banks with invented people. Try everything; nothing is kept.',
  'begin.look.go': 'Look around',
  'begin.look.not_asked':
    'Three time banks with invented people are opened on this machine. It takes about a minute.',
  'begin.look.opening':
    'The three time banks are being opened. People help each other already. It takes about a minute.',
  'begin.look.failed':
    'They could not be opened. Look at the window in which you started the program: it says why.',
  'begin.look.open': 'Open them',
  'begin.look.again': 'Look again',
  'begin.look.here': 'Each opens in a window of its own. Everybody in them is invented.',
  'begin.look.desk': 'Open the desk',
  'begin.look.name': 'Name',
  'begin.look.password': 'Password',
  'begin.look.member': 'Or be {name}, a member',
  'begin.look.number': 'Number',
  'begin.look.pin': 'PIN',
  'begin.look.over': 'They are gone when you make your own bank, or close the program.',

  'young.people.title': 'First, bring in your people',
  'young.people.text': 'One is enough to begin with. You are a member yourself already.',
  'young.people.go': 'Add somebody',
  'young.hour.title': 'Now write down the first hour',
  'young.hour.text': 'Who helped, who was helped, and how long. It takes a minute.',
  'young.hour.go': 'Record the first hour',
  'fix.later': 'Not now',
  'fix.title': 'Things to fix',
  'fix.sheet.title': 'Put the recovery sheet on paper',
  'fix.sheet.text': 'Without it, a stolen or broken machine can be the end of this bank.',
  'fix.sheet.go': 'The recovery sheet',
  'fix.colleague.title': 'Nobody but you can come in here',
  'fix.colleague.text': 'A second person at the desk can help when you are ill, or lose your password.',
  'fix.colleague.go': 'Add a colleague',
  'fix.neighbour.title': 'There is no neighbouring bank yet',
  'fix.neighbour.text': 'With one, your people can give and receive hours there too.',
  'fix.neighbour.go': 'Neighbours',

  'sheet.first.title': 'First the recovery sheet',
  'sheet.first.text':
    'With a neighbour, losing this machine would cost others hours as well. So the 24 words come onto paper first.',

  'sheet.paper.title': 'The recovery sheet',
  'sheet.paper.why':
    'This machine can be stolen, or break. With 24 words on paper the bank can prove that it is still itself.',
  'sheet.paper.until':
    'Until they are on paper, the words lie on this machine, and there can be no neighbours.',
  'sheet.paper.printer': 'No printer? Then write the words down by hand.',
  'sheet.paper.on': 'Go on',
  'sheet.paper.show': 'Show the 24 words',
  'sheet.paper.words': 'Recovery sheet of {bank} Time Bank',
  'sheet.paper.made': 'Made on {day}. Whoever has this sheet can speak for the bank.',
  'sheet.paper.keep':
    'Print this page, or write the words down in their order. Keep them away from this machine.',
  'sheet.paper.two': 'Best give one copy each to two people of the committee.',
  'sheet.paper.check': 'Look at your paper, and type two of the words.',
  'sheet.paper.word': 'Word number {number}',
  'sheet.paper.wrong': 'These are not the words at those places. Look at your paper again',
  'sheet.paper.have': 'I have it on paper',
  'sheet.paper.no_paper': 'No paper yet? Then let the words be shown once more.',
  'sheet.paper.again': 'Show the words again',
  'sheet.paper.done': 'The sheet is on paper. This machine has forgotten the words.',
  'sheet.paper.lost':
    'Has somebody lost it? It cannot be made again by itself yet. Keep the other copy well.',
} as const
