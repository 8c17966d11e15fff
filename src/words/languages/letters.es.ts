/** What do letters and receipts say, in Spanish? */

export const LETTERS_ES = {
  'letters.title': 'Cartas',
  'letters.lead': 'Cartas para imprimir. Un comprobante se imprime desde la página de su anotación.',
  'letters.who': '¿Para quién es la carta?',
  'letters.who.missing': 'Escriba para quién es la carta',
  'letters.which': '¿Qué «{typed}»?',
  'letters.letter': '¿Qué carta?',
  'letters.letter.missing': 'Elija una carta',
  'letters.letter.welcome': 'Bienvenida, con el número',
  'letters.letter.statement': 'Resumen de horas',
  'letters.period': 'Resumen: ¿de qué tiempo?',
  'letters.period.all': 'Desde que participa',
  'letters.print': '¿De qué tamaño?',
  'letters.print.normal': 'Letra normal',
  'letters.print.large': 'Letra grande',
  'letters.make': 'Ver la carta',
  'letters.how': 'Imprima esta página. Al papel solo pasa la carta.',
  'letters.in_large': 'Verla en letra grande',
  'letters.in_normal': 'Verla en letra normal',
  'letters.for': '{letter}, para {name}',

  'letter.bank': 'Banco de Tiempo {bank}',
  'letter.ring': 'Teléfono {phone}',
  'letter.ring_hours': 'Teléfono {phone} ({hours})',
  'letter.dear': 'Hola, {name}:',
  'letter.signed': '{name}, por el Banco de Tiempo {bank}',
  'letter.worried': '¿Le preocupa alguien? Llame a {name}: {phone}.',

  'letter.welcome.title': 'Le damos la bienvenida al Banco de Tiempo {bank}',
  'letter.welcome.glad': 'Nos alegra que esté aquí. Entre vecinos nos ayudamos, hora por hora.',
  'letter.welcome.number': 'Su número es',
  'letter.welcome.use': 'Dígalo cuando llame. También le encontramos por su nombre.',
  'letter.welcome.how': 'Cómo funciona',
  'letter.welcome.how_1': 'Usted necesita algo. Llámenos y preguntamos a los demás.',
  'letter.welcome.how_2': 'Alguien le ayuda. Llámenos otra vez y díganos cuánto duró.',
  'letter.welcome.how_3':
    'Usted ayuda a alguien con lo que le gusta hacer. La hora de cada persona vale lo mismo.',
  'letter.welcome.free': 'Puede empezar pidiendo. Las horas no caducan y nada cuesta dinero.',
  'letter.welcome.phone': 'Puede hacerlo todo por teléfono, en la secretaría o en papel.',
  'letter.welcome.private.title': 'Qué guardamos de usted',
  'letter.welcome.private':
    'Guardamos su nombre, cómo hablar con usted y sus horas. Lo ven quienes coordinan aquí; las personas a las que ayuda ven su nombre. Puede pedirnos cuando quiera leerlo, cambiarlo o borrarlo.',

  'letter.statement.title': 'Sus horas',
  'letter.statement.month': 'En {month} usted ayudó durante {given} y recibió ayuda durante {received}.',
  'letter.statement.list_month': 'Lo que se anotó en {month}',
  'letter.statement.list_all': 'Todo lo que se anotó',
  'letter.statement.none': 'En este tiempo no se anotó nada.',
  'letter.statement.wrong.title': '¿Hay algo mal?',
  'letter.statement.wrong':
    'Llame al {phone} en los próximos 14 días y díganoslo. Lo corregimos, y la línea equivocada se sigue viendo.',
  'letter.statement.wrong_without_phone':
    'Díganoslo en la secretaría en los próximos 14 días. Lo corregimos, y la línea equivocada se sigue viendo.',
  'standing.you.none': 'Todavía no ha ayudado ni le han ayudado. Llámenos y diga qué le gustaría.',
  'standing.you.welcome':
    'Usted ha ayudado durante {given} y ha recibido ayuda durante {received}. Puede volver a pedir ayuda cuando quiera.',
  'standing.you.hours_waiting':
    'Usted ha ayudado durante {given} y ha recibido ayuda durante {received}. Todavía puede usar {left}.',

  'receipt.title': 'Comprobante',
  'receipt.state': 'Esto está anotado.',
  'receipt.taken_back': 'Esto se anuló. Las horas volvieron.',
  'receipt.phrase': 'Para comparar en voz alta',
  'receipt.reference': 'Referencia completa',
  'receipt.recorded': 'Día en que se anotó',
  'receipt.wrong': '¿Hay algo mal? Llame al {phone} en los próximos 14 días.',
  'receipt.wrong_without_phone': '¿Hay algo mal? Díganoslo en la secretaría en los próximos 14 días.',
} as const
