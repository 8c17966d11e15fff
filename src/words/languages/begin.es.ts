/** What do the pages say in Spanish that come before there is a bank, and those of its recovery sheet? */

export const BEGIN_ES = {
  'begin.alone': 'Solo quien tiene este enlace ve estas páginas.',
  'begin.title': 'Bienvenida. ¿Qué quiere hacer?',
  'begin.lead':
    'Un banco de tiempo lleva la cuenta de las horas que las personas se dan. Vivirá en esta máquina.',
  'begin.too_long': 'Use un nombre más corto',
  'begin.failed':
    'No se pudo abrir el banco. Mire la ventana en la que inició el programa: allí dice por qué.',

  'begin.new.title': 'Abrir un banco de tiempo nuevo',
  'begin.new.text': 'Cuatro preguntas, y ya puede anotar la primera hora.',
  'begin.new.go': 'Empezar',
  'begin.new.lead': 'Estas dos van primero. Después vienen una contraseña y un teléfono.',
  'begin.new.make': 'Crear el banco de tiempo',
  'begin.name': '¿Cómo se llama su banco de tiempo?',
  'begin.name.hint': 'Sin las palabras «Banco de Tiempo». Por ejemplo: Puerto',
  'begin.name.missing': 'Escriba el nombre de su banco de tiempo',
  'begin.coordinator': '¿Cómo se llama usted?',
  'begin.coordinator.hint': 'Será la primera persona en la secretaría.',
  'begin.coordinator.missing': 'Escriba su nombre',

  'begin.restore.title': 'Recuperar un banco de tiempo',
  'begin.restore.text': 'Tiene una copia de su carpeta, de esta máquina o de otra.',
  'begin.restore.go': 'Cómo se hace',
  'begin.restore.lead': 'La carpeta de un banco es el banco entero. Al volver a ponerla, vuelve todo.',
  'begin.restore.step_1': 'Cierre este programa, en la ventana en la que lo inició.',
  'begin.restore.step_2': 'Copie la carpeta entera del banco a esta máquina.',
  'begin.restore.step_3':
    'Inicie otra vez el programa, y nombre esa carpeta después de: commonhour serve --dir',
  'begin.restore.step_4': 'El banco pregunta a sus vecinos si esta es su copia más nueva, y sigue.',
  'begin.restore.disk':
    '¿Estaba el banco en esta máquina hasta ahora? Quizá su disco no está conectado. Conéctelo y empiece otra vez.',
  'begin.restore.only': 'Nunca deje funcionar dos copias de un mismo banco a la vez.',

  'begin.look.title': 'Mirar primero',
  'begin.look.text': 'Tres bancos de tiempo con personas inventadas. Pruebe todo; nada se guarda.',
  'begin.look.go': 'Mirar',
  'begin.look.not_asked':
    'Se abren en esta máquina tres bancos con personas inventadas. Tarda cerca de un minuto.',
  'begin.look.opening': 'Se están abriendo los tres bancos. La gente ya se ayuda. Tarda cerca de un minuto.',
  'begin.look.failed':
    'No se pudieron abrir. Mire la ventana en la que inició el programa: allí dice por qué.',
  'begin.look.open': 'Abrirlos',
  'begin.look.again': 'Mirar otra vez',
  'begin.look.here': 'Cada uno se abre en su propia ventana. Todas sus personas son inventadas.',
  'begin.look.desk': 'Abrir la secretaría',
  'begin.look.name': 'Nombre',
  'begin.look.password': 'Contraseña',
  'begin.look.member': 'O sea {name}, miembro del banco',
  'begin.look.number': 'Número',
  'begin.look.pin': 'PIN',
  'begin.look.over': 'Desaparecen cuando crea su propio banco, o cierra el programa.',

  'young.people.title': 'Primero, traiga a su gente',
  'young.people.text': 'Para empezar basta con una persona. Usted ya es parte del banco.',
  'young.people.go': 'Añadir a alguien',
  'young.hour.title': 'Ahora anote la primera hora',
  'young.hour.text': 'Quién ayudó, a quién, y cuánto tiempo. Es un minuto.',
  'young.hour.go': 'Anotar la primera hora',
  'fix.later': 'Ahora no',
  'fix.title': 'Cosas por arreglar',
  'fix.sheet.title': 'Ponga en papel la hoja de recuperación',
  'fix.sheet.text': 'Sin ella, una máquina robada o rota puede ser el fin de este banco.',
  'fix.sheet.go': 'La hoja de recuperación',
  'fix.colleague.title': 'Nadie más que usted puede entrar aquí',
  'fix.colleague.text': 'Otra persona en la secretaría ayuda si usted enferma o pierde su contraseña.',
  'fix.colleague.go': 'Añadir a alguien a la secretaría',
  'fix.neighbour.title': 'Todavía no hay un banco vecino',
  'fix.neighbour.text': 'Con uno, su gente puede dar y recibir horas también allí.',
  'fix.neighbour.go': 'Vecinos',

  'sheet.first.title': 'Primero la hoja de recuperación',
  'sheet.first.text':
    'Con un vecino, perder esta máquina costaría horas también a otros. Por eso primero van las 24 palabras al papel.',

  'sheet.paper.title': 'La hoja de recuperación',
  'sheet.paper.why':
    'Esta máquina se puede romper, o la pueden robar. Con 24 palabras en papel el banco demuestra quién es.',
  'sheet.paper.until':
    'Hasta que estén en papel, las palabras están en esta máquina, y no puede haber vecinos.',
  'sheet.paper.printer': '¿No hay impresora? Entonces copie las palabras a mano.',
  'sheet.paper.on': 'Seguir',
  'sheet.paper.show': 'Mostrar las 24 palabras',
  'sheet.paper.words': 'Hoja de recuperación del Banco de Tiempo {bank}',
  'sheet.paper.made': 'Hecha el {day}. Quien tiene esta hoja puede hablar por el banco.',
  'sheet.paper.keep':
    'Imprima esta página, o copie las palabras en su orden. Guárdelas lejos de esta máquina.',
  'sheet.paper.two': 'Lo mejor es dar una copia a dos personas de la junta.',
  'sheet.paper.check': 'Mire su papel y escriba dos de las palabras.',
  'sheet.paper.word': 'Palabra número {number}',
  'sheet.paper.wrong': 'Esas no son las palabras de esos lugares. Mire otra vez su papel',
  'sheet.paper.have': 'La tengo en papel',
  'sheet.paper.no_paper': '¿Todavía no hay papel? Entonces muestre otra vez las palabras.',
  'sheet.paper.again': 'Mostrar otra vez las palabras',
  'sheet.paper.done': 'La hoja está en papel. Esta máquina ha olvidado las palabras.',
  'sheet.paper.lost': '¿Alguien la ha perdido? Todavía no se puede hacer otra. Guarde bien la otra copia.',
} as const
