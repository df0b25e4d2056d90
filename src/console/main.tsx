import './style/mantine.css';
import './style/base.css';
import './style/frame.css';
import './style/pieces.css';
import './style/devices.css';
import './style/device.css';
import './style/flash.css';
import './style/diagnosis.css';
import { createTheme, defaultVariantColorsResolver, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Refused } from './api.ts';
import { App } from './app.tsx';
import { askMe } from './data.ts';

/** Nothing is written into the page as style: the colours stand in style/mantine.css, as the hub's policy asks. */
const theme = createTheme({
  primaryColor: 'teal',
  fontFamily: 'inherit',
  defaultRadius: 'md',
  respectReducedMotion: true,
  // In the dark the accent is light, and what stands on it is dark.
  variantColorResolver: (input) => ({
    ...defaultVariantColorsResolver(input),
    ...(input.variant === 'filled' && { color: 'var(--on-accent)' }),
  }),
  components: {
    Modal: { defaultProps: { lockScroll: false, centered: true, closeButtonProps: { 'aria-label': 'Close' } } },
  },
});

const queries = new QueryClient({
  queryCache: new QueryCache({
    // A session that has ended leads back to the login, wherever that is noticed.
    onError(error, { queryKey }) {
      if (error instanceof Refused && error.status === 401 && queryKey[0] !== 'me')
        void queries.invalidateQueries(askMe);
    },
  }),
  defaultOptions: {
    queries: {
      // Events tell what changes; what was missed is asked again when they resume (live.ts).
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      retry: (times, error) => times < 3 && error instanceof Refused && error.status === 0,
    },
  },
});

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-center" />
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
