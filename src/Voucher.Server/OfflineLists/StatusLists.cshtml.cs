using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Voucher.Core.OfflineLists;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Portal;

namespace Voucher.Server.OfflineLists;

/// <summary>What the file for a USB stick is, how new, and how it is used.</summary>
[Authorize(Policy = Permission.PairTerminal)]
public sealed class StatusListsModel(StatusListBook book, IssuingKeys keys) : PortalPage
{
    public PublishedList? List { get; private set; }

    /// <summary>Such as <c>8.1 KB</c>.</summary>
    public string Size { get; private set; } = "";

    public async Task OnGetAsync()
    {
        List = await book.NewestAsync();
        if (List is null) return;
        var bytes = ListFile.Encode(await keys.SignedListAsync(), List.Encoded).Length;
        Size = string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000.0:0.0} KB");
    }
}
