using Microsoft.AspNetCore.Authorization;
using Voucher.Server.Portal;

namespace Voucher.Server.Register.Importing;

/// <summary>The latest imports.</summary>
[Authorize(Policy = Permission.ReadWholeRegister)]
public sealed class ImportsModel(ImportStore imports) : PortalPage
{
    public IReadOnlyList<ImportState> Imports { get; private set; } = [];

    public async Task OnGetAsync() => Imports = await imports.NewestAsync(PageSize);
}
