/** A page that fails is told of in its place; the rest of the console stays. */
import { Component, type ReactNode } from 'react';
import { ProblemNote } from './problem.tsx';

interface Props {
  /** Another place, another try. */
  readonly where: string;
  readonly children: ReactNode;
}
interface State {
  readonly error?: unknown;
  readonly where: string;
}

export class Boundary extends Component<Props, State> {
  override state: State = { where: this.props.where };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps({ where }: Props, state: State): State | null {
    return where === state.where ? null : { where, error: undefined };
  }

  override render(): ReactNode {
    return this.state.error === undefined ? this.props.children : <ProblemNote error={this.state.error} />;
  }
}
