/* Softmax regression with L2, where pictures are few and features many.
 *
 * With X the features (n x d), Y the right classes (n x K) and W = Xᵀ A, which the best weights can
 * always be written as, all that is computed with is the n x n matrix G = X Xᵀ: logits are G A, and
 * the gradient of mean cross-entropy + decay / 2 |W|² is Xᵀ R with R = (P - Y) / n + decay A. The
 * Hessian is nowhere more than G / 2n + decay I on each class (Boehning 1992), so that
 * A ← A - (G / 2n + decay I)⁻¹ R never makes the loss larger, without any rate to choose; one
 * Cholesky factor serves all steps, and extrapolation (Nesterov 1983) makes them few. */
#include "engine/training/head-trainer.h"

#include <math.h>
#include <string.h>

#define MAX_STEPS 400
#define TOLERANCE 1e-7 /* of R's largest entry, beside 1 / n */
#define MAX_FOLDS_EACH 150
#define N_FOLDS 50
#define MAX_PICTURES 20000

/* @m of the pictures: what a classifier learns from. */
typedef struct
{
  int m, n_classes;
  double decay;
  double *gram;     /* [m][m] */
  double *cholesky; /* [m][m], lower */
  int *classes;
  double *a;        /* [m][n_classes] */
} Problem;

static void
problem_free (Problem *self)
{
  g_free (self->gram);
  g_free (self->cholesky);
  g_free (self->classes);
  g_free (self->a);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Problem, problem_free)

/* The pictures whose fold is another one than @fold. */
static Problem *
problem_new (const double *gram,
             const int *classes,
             int n,
             int n_classes,
             double decay,
             int n_folds,
             int fold)
{
  Problem *self = g_new0 (Problem, 1);
  g_autofree int *taken = g_new (int, n);

  for (int i = 0; i < n; i++)
    if (n_folds == 0 || i % n_folds != fold)
      taken[self->m++] = i;
  self->n_classes = n_classes;
  self->decay = decay;
  self->gram = g_new (double, (gsize) self->m * self->m);
  self->cholesky = g_new0 (double, (gsize) self->m * self->m);
  self->classes = g_new (int, self->m);
  self->a = g_new0 (double, (gsize) self->m * n_classes);
  for (int i = 0; i < self->m; i++)
    {
      self->classes[i] = classes[taken[i]];
      for (int j = 0; j < self->m; j++)
        self->gram[(gsize) i * self->m + j] = gram[(gsize) taken[i] * n + taken[j]];
    }

  return self;
}

/* gram / 2m + decay = cholesky choleskyᵀ */
static void
factorize (Problem *self)
{
  int m = self->m;

  for (int j = 0; j < m; j++)
    for (int i = j; i < m; i++)
      {
        double *row_i = self->cholesky + (gsize) i * m, *row_j = self->cholesky + (gsize) j * m;
        double sum = self->gram[(gsize) i * m + j] / (2 * m) + (i == j ? self->decay : 0);

        for (int k = 0; k < j; k++)
          sum -= row_i[k] * row_j[k];
        row_i[j] = i == j ? sqrt (MAX (sum, 1e-12)) : sum / row_j[j];
      }
}

/* Replaces @r [m][K] by (cholesky choleskyᵀ)⁻¹ r. */
static void
solve (const Problem *self, double *r)
{
  int m = self->m, n_classes = self->n_classes;

  for (int i = 0; i < m; i++)
    for (int c = 0; c < n_classes; c++)
      {
        for (int k = 0; k < i; k++)
          r[i * n_classes + c] -= self->cholesky[(gsize) i * m + k] * r[k * n_classes + c];
        r[i * n_classes + c] /= self->cholesky[(gsize) i * m + i];
      }
  for (int i = m - 1; i >= 0; i--)
    for (int c = 0; c < n_classes; c++)
      {
        for (int k = i + 1; k < m; k++)
          r[i * n_classes + c] -= self->cholesky[(gsize) k * m + i] * r[k * n_classes + c];
        r[i * n_classes + c] /= self->cholesky[(gsize) i * m + i];
      }
}

static void
softmax (double *z, int n)
{
  double largest = z[0], total = 0;

  for (int c = 1; c < n; c++)
    largest = MAX (largest, z[c]);
  for (int c = 0; c < n; c++)
    total += z[c] = exp (z[c] - largest);
  for (int c = 0; c < n; c++)
    z[c] /= total;
}

/* R at @a: (P - Y) / m + decay a. Returns: its largest entry. */
static double
get_residual (const Problem *self, const double *a, double *r)
{
  int m = self->m, n_classes = self->n_classes;
  double largest = 0;

  for (int i = 0; i < m; i++)
    {
      double *row = r + (gint64) i * n_classes;

      memset (row, 0, n_classes * sizeof *row);
      for (int k = 0; k < m; k++)
        for (int c = 0; c < n_classes; c++)
          row[c] += self->gram[(gsize) i * m + k] * a[k * n_classes + c];
      softmax (row, n_classes);
      row[self->classes[i]] -= 1;
      for (int c = 0; c < n_classes; c++)
        {
          row[c] = row[c] / m + self->decay * a[i * n_classes + c];
          largest = MAX (largest, fabs (row[c]));
        }
    }

  return largest;
}

static void
minimize (Problem *self)
{
  int size = self->m * self->n_classes;
  g_autofree double *ahead = g_new0 (double, size), *r = g_new (double, size);
  double t = 1;

  factorize (self);
  for (int step = 0; step < MAX_STEPS; step++)
    {
      double next = (1 + sqrt (1 + 4 * t * t)) / 2;

      if (get_residual (self, ahead, r) < TOLERANCE / self->m)
        break;
      solve (self, r);
      for (int i = 0; i < size; i++)
        {
          double a = ahead[i] - r[i];

          ahead[i] = a + (t - 1) / next * (a - self->a[i]);
          self->a[i] = a;
        }
      t = next;
    }
}

/* Features centred and scaled to a mean square of 1 over the pictures, a constant beside them. */
typedef struct
{
  double *mean;
  double scale;
} Scaling;

static Scaling
get_scaling (const float *features, int n, int d)
{
  Scaling self = { g_new0 (double, d), 0 };
  double squares = 0;

  for (int i = 0; i < n; i++)
    for (int k = 0; k < d; k++)
      self.mean[k] += features[(gsize) i * d + k] / (double) n;
  for (int i = 0; i < n; i++)
    for (int k = 0; k < d; k++)
      squares += pow (features[(gsize) i * d + k] - self.mean[k], 2);
  self.scale = squares > 0 ? 1 / sqrt (squares / n) : 0;

  return self;
}

/* Products of pictures: scaled features, and 1 for the constant. */
static double *
get_gram (const float *features, int n, int d, const Scaling *scaling)
{
  double *gram = g_new (double, (gsize) n * n);
  g_autofree double *x = g_new (double, (gsize) n * d);

  for (int i = 0; i < n; i++)
    for (int k = 0; k < d; k++)
      x[(gsize) i * d + k] = (features[(gsize) i * d + k] - scaling->mean[k]) * scaling->scale;
  for (int i = 0; i < n; i++)
    for (int j = 0; j <= i; j++)
      {
        double sum = 1;

        for (int k = 0; k < d; k++)
          sum += x[(gsize) i * d + k] * x[(gsize) j * d + k];
        gram[(gsize) i * n + j] = gram[(gsize) j * n + i] = sum;
      }

  return gram;
}

static void
set_weights (RnHead *self, const Problem *problem, const float *features, const Scaling *scaling)
{
  int d = self->n_features, n_classes = self->n_classes;
  g_autofree double *kernel = g_new0 (double, (gsize) d * n_classes);

  for (int c = 0; c < n_classes; c++)
    {
      double bias = 0;

      for (int i = 0; i < self->n; i++)
        {
          double a = problem->a[i * n_classes + c];

          bias += a;
          for (int k = 0; k < d; k++)
            kernel[(gsize) k * n_classes + c] +=
                a * (features[(gsize) i * d + k] - scaling->mean[k]) * scaling->scale *
                scaling->scale;
        }
      for (int k = 0; k < d; k++)
        bias -= kernel[(gsize) k * n_classes + c] * scaling->mean[k];
      self->bias[c] = bias;
    }
  for (gsize i = 0; i < (gsize) d * n_classes; i++)
    self->kernel[i] = kernel[i];
}

/* What the classifiers of @n_folds parts say of the pictures each has not seen. */
static gboolean
judge_left_out (RnHead *self,
                const double *gram,
                const int *classes,
                double decay,
                GCancellable *cancellable,
                GError **error)
{
  int n = self->n, n_classes = self->n_classes;

  self->n_folds = n <= MAX_FOLDS_EACH ? n : N_FOLDS;
  self->left_out = g_new0 (float, (gsize) n * n_classes);
  for (int fold = 0; fold < self->n_folds; fold++)
    {
      g_autoptr (Problem) problem =
          problem_new (gram, classes, n, n_classes, decay, self->n_folds, fold);
      g_autofree double *z = g_new (double, n_classes);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      minimize (problem);
      for (int i = fold; i < n; i += self->n_folds)
        {
          memset (z, 0, n_classes * sizeof *z);
          for (int j = 0, k = 0; j < n; j++)
            if (j % self->n_folds != fold)
              {
                for (int c = 0; c < n_classes; c++)
                  z[c] += gram[(gsize) i * n + j] * problem->a[k * n_classes + c];
                k++;
              }
          softmax (z, n_classes);
          for (int c = 0; c < n_classes; c++)
            self->left_out[i * n_classes + c] = z[c];
        }
    }

  return TRUE;
}

static gboolean
check (const float *features,
       const int *classes,
       int n,
       int n_features,
       int n_classes,
       GError **error)
{
  const char *fault = NULL;

  if (n < 2 || n > MAX_PICTURES)
    fault = "from 2 to 20000 pictures would be right";
  for (int i = 0; fault == NULL && i < n; i++)
    if (classes[i] < 0 || classes[i] >= n_classes)
      fault = "a picture is of none of the classes";
  for (gsize i = 0; fault == NULL && i < (gsize) n * n_features; i++)
    if (!isfinite (features[i]))
      fault = "a feature is no finite number";
  if (fault == NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "a classifier cannot learn from %d pictures of %d classes: %s", n, n_classes, fault);

  return FALSE;
}

/**
 * rn_head_train:
 * @features: [n, n_features], e.g. what global average pooling puts out for each picture
 * @classes: for each picture its class, 0 to @n_classes - 1
 * @n: pictures, from 2 to 20000
 * @n_classes: 2 or more; a class may be without pictures
 * @cancellable: (nullable): looked at between classifiers
 * @error: set to %G_IO_ERROR_INVALID_ARGUMENT, or %G_IO_ERROR_CANCELLED
 *
 * Finds the weights of least regularized loss, which are unique: the start does not matter. Some
 * dozens of pictures take milliseconds.
 *
 * Returns: (transfer full) (nullable): the classifier
 */
RnHead *
rn_head_train (const float *features,
               const int *classes,
               int n,
               int n_features,
               int n_classes,
               const RnHeadOptions *options,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (RnHead) self = NULL;
  g_autoptr (Problem) problem = NULL;
  g_autofree double *gram = NULL;
  g_autofree double *mean = NULL;
  Scaling scaling;

  g_return_val_if_fail (features != NULL && classes != NULL && options != NULL, NULL);
  g_return_val_if_fail (n_features > 0 && n_classes > 1, NULL);

  if (!check (features, classes, n, n_features, n_classes, error))
    return NULL;
  self = g_new0 (RnHead, 1);
  self->n = n;
  self->n_features = n_features;
  self->n_classes = n_classes;
  self->kernel = g_new0 (float, (gsize) n_features * n_classes);
  self->bias = g_new0 (float, n_classes);
  self->probabilities = g_new0 (float, (gsize) n * n_classes);
  scaling = get_scaling (features, n, n_features);
  mean = scaling.mean;
  gram = get_gram (features, n, n_features, &scaling);
  problem = problem_new (gram, classes, n, n_classes, options->weight_decay, 0, 0);
  minimize (problem);
  set_weights (self, problem, features, &scaling);
  for (int i = 0; i < n; i++)
    {
      rn_head_predict (self, features + (gsize) i * n_features,
                       self->probabilities + (gint64) i * n_classes);
      self->loss -= log (MAX (self->probabilities[i * n_classes + classes[i]], 1e-30)) / n;
    }
  if (options->leave_one_out &&
      !judge_left_out (self, gram, classes, options->weight_decay, cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
rn_head_free (RnHead *self)
{
  if (self == NULL)
    return;

  g_free (self->kernel);
  g_free (self->bias);
  g_free (self->probabilities);
  g_free (self->left_out);
  g_free (self);
}

/**
 * rn_head_predict:
 * @features: [n_features], of one picture
 * @probabilities: (out): [n_classes]
 */
void
rn_head_predict (const RnHead *self, const float *features, float *probabilities)
{
  g_autofree double *z = g_new (double, self->n_classes);

  for (int c = 0; c < self->n_classes; c++)
    z[c] = self->bias[c];
  for (int k = 0; k < self->n_features; k++)
    for (int c = 0; c < self->n_classes; c++)
      z[c] += (double) features[k] * self->kernel[(gsize) k * self->n_classes + c];
  softmax (z, self->n_classes);
  for (int c = 0; c < self->n_classes; c++)
    probabilities[c] = z[c];
}

/**
 * rn_head_get_confusion:
 * @classes: for each picture its class
 * @left_out: whether to go by what was said of pictures not seen, which must be there
 * @confusion: (out): [n_classes, n_classes]: how many of class r (row) were taken for class c
 */
void
rn_head_get_confusion (const RnHead *self, const int *classes, gboolean left_out, int *confusion)
{
  const float *p = left_out ? self->left_out : self->probabilities;

  g_return_if_fail (p != NULL);

  memset (confusion, 0, sizeof *confusion * self->n_classes * self->n_classes);
  for (int i = 0; i < self->n; i++, p += self->n_classes)
    {
      int best = 0;

      for (int c = 1; c < self->n_classes; c++)
        if (p[c] > p[best])
          best = c;
      confusion[classes[i] * self->n_classes + best]++;
    }
}
