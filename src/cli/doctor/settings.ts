/** Can the settings be read? */

import type { Place } from './place.ts'
import { fine, type Told, wrong } from './told.ts'

export function checkSettings({ settingsProblem }: Place): readonly Told[] {
  if (settingsProblem === null) return [fine('settings', 'The settings can be read.')]
  const todo = 'Put them right. All of them with their defaults: commonhour config example'
  return [wrong({ id: 'settings', code: 'settings.wrong', says: settingsProblem, todo })]
}
