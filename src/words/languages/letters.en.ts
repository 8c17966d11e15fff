/** What do letters and receipts say, in English? */

export const LETTERS_EN = {
  'letters.title': 'Letters',
  'letters.lead': 'Letters to print. A receipt is printed from the page of its record.',
  'letters.who': 'Who is the letter for?',
  'letters.who.missing': 'Type who the letter is for',
  'letters.which': 'Which “{typed}”?',
  'letters.letter': 'Which letter?',
  'letters.letter.missing': 'Choose a letter',
  'letters.letter.welcome': 'Welcome, with the number',
  'letters.letter.statement': 'Statement of hours',
  'letters.period': 'Statement: for which time?',
  'letters.period.all': 'Since joining',
  'letters.print': 'How large?',
  'letters.print.normal': 'Normal print',
  'letters.print.large': 'Large print',
  'letters.make': 'Show the letter',
  'letters.how': 'Print this page. Only the letter goes on the paper.',
  'letters.in_large': 'Show it in large print',
  'letters.in_normal': 'Show it in normal print',
  'letters.for': '{letter} for {name}',

  'letter.bank': '{bank} Time Bank',
  'letter.ring': 'Telephone {phone}',
  'letter.ring_hours': 'Telephone {phone} ({hours})',
  'letter.dear': 'Dear {name},',
  'letter.signed': '{name}, for {bank} Time Bank',
  'letter.worried': 'Are you worried about someone? Ring {name}: {phone}.',

  'letter.welcome.title': 'Welcome to {bank} Time Bank',
  'letter.welcome.glad': 'We are glad that you are here. Neighbours help each other, an hour for an hour.',
  'letter.welcome.number': 'Your number is',
  'letter.welcome.use': 'Say it when you ring. We also find you by your name.',
  'letter.welcome.how': 'How it works',
  'letter.welcome.how_1': 'You need something. Ring us, and we ask around.',
  'letter.welcome.how_2': 'Somebody helps you. Ring us again and tell us how long it took.',
  'letter.welcome.how_3': 'You help somebody with what you enjoy. Everybody’s hour is worth the same.',
  'letter.welcome.free': 'You may ask first. Hours never run out, and nothing costs money.',
  'letter.welcome.phone': 'You can do everything by telephone, at the desk or on paper.',
  'letter.welcome.private.title': 'What we keep about you',
  'letter.welcome.private':
    'We keep your name, how to reach you and your hours. Coordinators here see them, and people you help see your name. Ask us at any time to read, change or erase it.',

  'letter.statement.title': 'Your hours',
  'letter.statement.month': 'In {month} you helped for {given} and were helped for {received}.',
  'letter.statement.list_month': 'What was recorded in {month}',
  'letter.statement.list_all': 'Everything that was recorded',
  'letter.statement.none': 'Nothing was recorded in this time.',
  'letter.statement.wrong.title': 'Is something wrong?',
  'letter.statement.wrong':
    'Ring {phone} within 14 days and tell us. We put it right, and the wrong line stays to be seen.',
  'letter.statement.wrong_without_phone':
    'Tell us at the desk within 14 days. We put it right, and the wrong line stays to be seen.',
  'standing.you.none': 'You have not helped and not been helped yet. Ring us and say what would be nice.',
  'standing.you.welcome':
    'You have helped for {given} and been helped for {received}. You are welcome to ask again.',
  'standing.you.hours_waiting':
    'You have helped for {given} and been helped for {received}. You can still use {left}.',

  'receipt.title': 'Receipt',
  'receipt.state': 'This is recorded.',
  'receipt.taken_back': 'This was taken back. The hours went back.',
  'receipt.phrase': 'To compare aloud',
  'receipt.reference': 'Full reference',
  'receipt.recorded': 'Recorded',
  'receipt.wrong': 'Is something wrong? Ring {phone} within 14 days.',
  'receipt.wrong_without_phone': 'Is something wrong? Tell us at the desk within 14 days.',
} as const
