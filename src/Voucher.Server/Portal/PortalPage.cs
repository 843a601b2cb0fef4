using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Voucher.Server.Portal;

/// <summary>What every page of the portal shares: who is acting, and how the outcome of a use case is shown.</summary>
public abstract class PortalPage : PageModel
{
    /// <summary>Rows on one page of a list.</summary>
    public const int PageSize = 50;

    /// <summary>A rule said no: shown in a box with reason, rule and next step.</summary>
    public Refusal? Refusal { get; private set; }

    public Actor Actor => HttpContext.Actor();

    /// <summary>Shown once, on the next page, as good news.</summary>
    [TempData]
    public string? Done { get; set; }

    /// <summary>
    /// True with the value when done; otherwise the refusal or the field errors are put where the page shows them.
    /// </summary>
    protected bool Accept<T>(Outcome<T> outcome, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        switch (outcome)
        {
            case Outcome<T>.Done(var done):
                value = done;
                return true;
            case Outcome<T>.Refused(var refusal):
                Refusal = refusal;
                return false;
            case Outcome<T>.BadInput(var errors):
                foreach (var error in errors) ModelState.AddModelError(error.Field, error.Problem.In(Speech.Language));
                return false;
            default:
                throw new InvalidOperationException();
        }
    }

    protected bool Accept<T>(Outcome<T> outcome) => Accept(outcome, out _);
}
